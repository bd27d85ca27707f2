namespace Lanyard.Distributed.Messages;

/// <summary>How a rank waits: a message between processes takes microseconds, but there may be more ranks than processors, and some wait for minutes.</summary>
internal struct MpiWaits
{
    private const int Spins = 50;
    private const int Yields = 20_000;

    private int _turn;

    /// <summary>Waits a little, longer the longer it has waited.</summary>
    public void Wait()
    {
        _turn++;
        if (_turn < Spins) Thread.SpinWait(1);
        else if (_turn < Yields) Thread.Yield();
        else Thread.Sleep(1);
    }
}
