using System.Globalization;

namespace Lanyard.Maps;

/// <summary>A load, a refit, an export or checksums, while it owns modules. Compared by reference.</summary>
/// <param name="kind">What it is, for messages: <c>a staged refit</c>.</param>
/// <param name="by">Who began it; null where nobody said it.</param>
internal sealed class ModelSession(string kind, string? by = null)
{
    private bool _hasEnded;

    /// <summary>Held by whoever gives modules to a session, or takes them back.</summary>
    public static Lock Gate { get; } = new();

    public string Kind => kind;

    public string? By => by;

    public DateTime Begun { get; } = DateTime.UtcNow;

    /// <summary>Whether it is one of <c>to()</c>, which each module takes part in by itself.</summary>
    public bool IsConversion { get; init; }

    /// <summary>Whether it has given the model back.</summary>
    public bool HasEnded
    {
        get => Volatile.Read(ref _hasEnded);
        set => Volatile.Write(ref _hasEnded, value);
    }

    /// <summary>What changes weights; null of what reads them.</summary>
    public ISessionOwner? Owner { get; init; }

    /// <summary>What it is and since when, since a session that nobody ends locks its model: <c>a staged refit by trainer-3 that began at 2026-01-31 17:05:00 UTC, 42 s ago</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}{(by is null ? "" : $" by {NameFolding.Shown(by)}")} that began at {Begun:yyyy-MM-dd HH:mm:ss} UTC, {Math.Max(0, (DateTime.UtcNow - Begun).TotalSeconds):0} s ago");
}
