namespace Lanyard.Collectives;

/// <summary>Where the ranks of a group wait for each other and show each other what they have.</summary>
internal sealed class Meeting(int members)
{
    private readonly object _door = new();
    private object?[] _brought = new object?[members];
    private int _arrived;
    private long _round;
    private string? _ended;

    /// <summary>Waits until every member has come, and returns what they brought, in their order.</summary>
    /// <exception cref="InvalidOperationException">The meeting was ended, because a member will not come.</exception>
    public object?[] Exchange(int member, object? value)
    {
        lock (_door)
        {
            if (_ended is not null) throw new InvalidOperationException(_ended);
            var (round, brought) = (_round, _brought);
            brought[member] = value;
            if (++_arrived < members)
            {
                while (_round == round && _ended is null) Monitor.Wait(_door);
                return _round != round ? brought : throw new InvalidOperationException(_ended);
            }
            (_brought, _arrived) = (new object?[members], 0);
            _round++;
            Monitor.PulseAll(_door);
            return brought;
        }
    }

    /// <summary>Sends everybody away who waits or comes later.</summary>
    public void End(string because)
    {
        lock (_door)
        {
            _ended ??= because;
            Monitor.PulseAll(_door);
        }
    }
}
