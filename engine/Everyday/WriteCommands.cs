using System.Management.Automation;

namespace Fixpoint.Everyday
{
    /// <summary>Sends its input on.</summary>
    [Cmdlet(VerbsCommunications.Write, "Output")]
    public sealed class WriteOutputCommand : PSCmdlet
    {
        [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
        [AllowNull, AllowEmptyCollection]
        public object InputObject { get; set; }

        [Parameter]
        public SwitchParameter NoEnumerate { get; set; }

        protected override void ProcessRecord()
        {
            WriteObject(InputObject, !NoEnumerate);
        }
    }

    /// <summary>Writes a non-terminating error.</summary>
    [Cmdlet(VerbsCommunications.Write, "Error")]
    public sealed class WriteErrorCommand : PSCmdlet
    {
        [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
        public string Message { get; set; }

        [Parameter]
        public string ErrorId { get; set; } = "Microsoft.PowerShell.Commands.WriteErrorException";

        [Parameter]
        public ErrorCategory Category { get; set; } = ErrorCategory.NotSpecified;

        protected override void ProcessRecord()
        {
            WriteError(new ErrorRecord(new System.Exception(Message), ErrorId, Category, null));
        }
    }

    /// <summary>One line of text for a stream.</summary>
    public abstract class WriteMessageCommand : PSCmdlet
    {
        [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
        [AllowEmptyString]
        public string Message { get; set; }
    }

    [Cmdlet(VerbsCommunications.Write, "Warning")]
    public sealed class WriteWarningCommand : WriteMessageCommand
    {
        protected override void ProcessRecord()
        {
            WriteWarning(Message);
        }
    }

    [Cmdlet(VerbsCommunications.Write, "Verbose")]
    public sealed class WriteVerboseCommand : WriteMessageCommand
    {
        protected override void ProcessRecord()
        {
            WriteVerbose(Message);
        }
    }

    [Cmdlet(VerbsCommunications.Write, "Debug")]
    public sealed class WriteDebugCommand : WriteMessageCommand
    {
        protected override void ProcessRecord()
        {
            WriteDebug(Message);
        }
    }

    [Cmdlet(VerbsCommunications.Write, "Information")]
    public sealed class WriteInformationCommand : PSCmdlet
    {
        [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
        [AllowNull]
        public object MessageData { get; set; }

        [Parameter(Position = 1)]
        public string[] Tags { get; set; } = new string[0];

        protected override void ProcessRecord()
        {
            WriteInformation(MessageData, Tags);
        }
    }

    [Cmdlet(VerbsCommunications.Write, "Progress")]
    public sealed class WriteProgressCommand : PSCmdlet
    {
        [Parameter(Mandatory = true, Position = 0)]
        public string Activity { get; set; }

        [Parameter(Position = 1)]
        public string Status { get; set; } = "Processing";

        [Parameter]
        public int PercentComplete { get; set; } = -1;

        [Parameter]
        public SwitchParameter Completed { get; set; }

        protected override void ProcessRecord()
        {
            var record = new ProgressRecord(0, Activity, Status) { PercentComplete = PercentComplete };
            record.RecordType = Completed ? ProgressRecordType.Completed : ProgressRecordType.Processing;
            WriteProgress(record);
        }
    }
}
