using System.Globalization;

namespace Lanyard.Updates;

/// <summary>Ends an update in which nothing comes any more.</summary>
internal sealed class UpdateLease : IDisposable
{
    private readonly TimeSpan _length;
    private readonly Timer? _timer;
    private readonly Action? _end;
    private long _renewed = DateTime.UtcNow.Ticks;

    /// <param name="length">How long an update lasts in which nothing comes; null for ever.</param>
    /// <param name="update">The update.</param>
    /// <exception cref="ArgumentException">The length is not positive, or longer than a timer counts.</exception>
    public UpdateLease(TimeSpan? length, WeightUpdate update)
    {
        if (length is not { } lasts) return;
        if (lasts <= TimeSpan.Zero || lasts.TotalMilliseconds > uint.MaxValue - 1) throw new ArgumentException($"A lease of {lasts} is none.", nameof(length));
        _length = lasts;
        _end = () => update.Expire(string.Create(CultureInfo.InvariantCulture, $"nothing came for {lasts.TotalSeconds:0.###} s, the length of its lease"));
        _timer = new Timer(_ => _end(), null, lasts, Timeout.InfiniteTimeSpan);
    }

    /// <summary>When it ends the update, if nothing comes; null for never.</summary>
    public DateTime? Expires => _timer is null ? null : new DateTime(Interlocked.Read(ref _renewed), DateTimeKind.Utc) + _length;

    /// <summary>Ends the update where its time is over: the timer comes late where all threads of the pool are busy.</summary>
    public void EndIfOver()
    {
        if (Expires is { } end && DateTime.UtcNow > end) _end!();
    }

    /// <summary>Begins the time anew.</summary>
    public void Renew()
    {
        if (_timer is null) return;
        Interlocked.Exchange(ref _renewed, DateTime.UtcNow.Ticks);
        _timer.Change(_length, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer?.Dispose();
}
