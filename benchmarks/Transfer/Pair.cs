namespace Lanyard.Benchmarks;

/// <summary>One of two processes, and what is between them.</summary>
internal abstract class Pair(int process) : IDisposable
{
    /// <summary>Ends waiting for a process that has died.</summary>
    protected CancellationTokenSource Patience { get; } = new(TimeSpan.FromMinutes(5));

    /// <summary>The number of this one, 0 or 1.</summary>
    public int Process => process;

    /// <summary>Carries a transfer.</summary>
    public abstract ITransferChannel Channel { get; }

    /// <summary>Stops what waits for the other for too long.</summary>
    public CancellationToken Token => Patience.Token;

    /// <summary>What it is, for the table.</summary>
    public abstract string Name { get; }

    /// <summary>Sends and receives bytes from memory to memory, without a plan, as well as what is between the processes can.</summary>
    public abstract void Exchange(Memory given, Memory taken);

    /// <summary>Waits until both have come here.</summary>
    public void Meet()
    {
        Channel.Expect(1 - Process, 1);
        Channel.Send(1 - Process, 1, message => message[0] = 1, Token);
        Channel.Receive(_ => { }, Token);
    }

    public virtual void Dispose() => Patience.Dispose();
}
