using System.Globalization;

namespace Lanyard.Maps;

/// <summary>A load, a refit, an export or checksums, while it owns modules. Compared by reference.</summary>
/// <param name="kind">What it is, for messages: <c>a staged refit</c>.</param>
internal sealed class ModelSession(string kind)
{
    private readonly DateTime _begun = DateTime.UtcNow;

    /// <summary>What it is and since when, since a session that nobody ends locks its model: <c>a staged refit that began at 2026-01-31 17:05:00 UTC, 42 s ago</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{kind} that began at {_begun:yyyy-MM-dd HH:mm:ss} UTC, {Math.Max(0, (DateTime.UtcNow - _begun).TotalSeconds):0} s ago");
}
