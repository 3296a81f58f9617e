using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Text;
using System.Threading;

namespace Fixpoint.Everyday
{
    /// <summary>Turns its input into one text, a line an object. The engine itself calls a command of this name for native programs.</summary>
    [Cmdlet(VerbsData.Out, "String")]
    public sealed class OutStringCommand : PSCmdlet
    {
        private readonly StringBuilder text = new StringBuilder();

        [Parameter(ValueFromPipeline = true)]
        [AllowNull]
        public PSObject InputObject { get; set; }

        [Parameter]
        public SwitchParameter Stream { get; set; }

        [Parameter]
        public int Width { get; set; }

        protected override void ProcessRecord()
        {
            var line = InputObject == null ? "" : InputObject.ToString();
            if (Stream) WriteObject(line);
            else text.Append(line).Append(Environment.NewLine);
        }

        protected override void EndProcessing()
        {
            if (!Stream) WriteObject(text.ToString());
        }
    }

    /// <summary>Waits; a stop of the pipeline ends the wait at once, which a blocking .NET call would not.</summary>
    [Cmdlet(VerbsLifecycle.Start, "Sleep", DefaultParameterSetName = "Seconds")]
    public sealed class StartSleepCommand : PSCmdlet, IDisposable
    {
        private readonly ManualResetEventSlim stopped = new ManualResetEventSlim();

        [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Seconds")]
        [ValidateRange(0.0, 2147483.0)]
        public double Seconds { get; set; }

        [Parameter(Mandatory = true, ParameterSetName = "Milliseconds")]
        [ValidateRange(0, int.MaxValue)]
        public int Milliseconds { get; set; }

        protected override void ProcessRecord()
        {
            stopped.Wait(ParameterSetName == "Seconds" ? (int)(Seconds * 1000) : Milliseconds);
        }

        protected override void StopProcessing()
        {
            stopped.Set();
        }

        public void Dispose()
        {
            stopped.Dispose();
        }
    }

    /// <summary>A path, literal or with wildcards.</summary>
    public abstract class PathCommand : PSCmdlet
    {
        [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path")]
        public string[] Path { get; set; }

        [Parameter(Mandatory = true, ParameterSetName = "LiteralPath")]
        public string[] LiteralPath { get; set; }

        protected bool Literal
        {
            get { return ParameterSetName == "LiteralPath"; }
        }

        protected string[] Paths
        {
            get { return Literal ? LiteralPath : Path; }
        }

        /// <summary>The provider throws where a cmdlet must write an error, or -ErrorAction would be ignored.</summary>
        protected void Emit(Func<string[], IEnumerable<PSObject>> read)
        {
            foreach (var path in Paths)
            {
                try
                {
                    foreach (var item in read(new[] { path })) WriteObject(item);
                }
                catch (RuntimeException error)
                {
                    WriteError(new ErrorRecord(error.ErrorRecord, error));
                }
            }
        }
    }

    [Cmdlet(VerbsCommon.Get, "Item", DefaultParameterSetName = "Path")]
    public sealed class GetItemCommand : PathCommand
    {
        [Parameter]
        public SwitchParameter Force { get; set; }

        protected override void ProcessRecord()
        {
            Emit(paths => InvokeProvider.Item.Get(paths, Force, Literal));
        }
    }

    [Cmdlet(VerbsCommon.Get, "ChildItem", DefaultParameterSetName = "Path")]
    public sealed class GetChildItemCommand : PathCommand
    {
        [Parameter]
        public SwitchParameter Force { get; set; }

        [Parameter]
        public SwitchParameter Recurse { get; set; }

        protected override void ProcessRecord()
        {
            Emit(paths => InvokeProvider.ChildItem.Get(paths, Recurse, Force, Literal));
        }
    }

    [Cmdlet(VerbsDiagnostic.Test, "Path", DefaultParameterSetName = "Path")]
    public sealed class TestPathCommand : PathCommand
    {
        protected override void ProcessRecord()
        {
            foreach (var path in Paths)
            {
                try
                {
                    WriteObject(InvokeProvider.Item.Exists(path, true, Literal));
                }
                catch (RuntimeException)
                {
                    WriteObject(false);
                }
            }
        }
    }
}
