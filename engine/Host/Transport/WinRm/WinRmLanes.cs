using System.Collections.Concurrent;

namespace Fixpoint.Engine;

/// <summary>The lanes of one shell: as many as it has requests at once. A lane whose request failed is thrown away.</summary>
internal sealed class WinRmLanes(WinRmTarget target)
{
    /// <summary>An older connection may be closed by Windows (after 120 s) just when it is used.</summary>
    private const long FreshMs = 60_000;

    private readonly ConcurrentStack<WinRmLane> idle = new();
    private readonly ConcurrentDictionary<WinRmLane, bool> all = new();
    private readonly ServiceTicket ticket = new(target);

    /// <exception cref="WinRmFailure">It was not answered. Where it was not sent either, a lane of before has been replaced once.</exception>
    public async Task<Reply> Ask(Envelope envelope, CancellationToken cancel)
    {
        while (idle.TryPop(out var used))
        {
            if (Environment.TickCount64 - used.Used > FreshMs)
            {
                Drop(used);
                continue;
            }
            try
            {
                return await Post(used, envelope, cancel);
            }
            catch (WinRmFailure failure) when (failure is { Sent: false, Code: WinRmFailure.Unreachable })
            {
                // It ended while nobody used it.
            }
        }
        return await Post(await Open(cancel), envelope, cancel);
    }

    private async Task<WinRmLane> Open(CancellationToken cancel)
    {
        await ticket.See(cancel);
        var lane = await WinRmLane.Open(target, cancel);
        all[lane] = true;
        return lane;
    }

    private async Task<Reply> Post(WinRmLane lane, Envelope envelope, CancellationToken cancel)
    {
        try
        {
            var reply = await lane.Post(envelope, cancel);
            idle.Push(lane);
            return reply;
        }
        catch
        {
            Drop(lane);
            throw;
        }
    }

    private void Drop(WinRmLane lane)
    {
        all.TryRemove(lane, out _);
        lane.Dispose();
    }

    public void Close()
    {
        foreach (var lane in all.Keys) Drop(lane);
    }
}
