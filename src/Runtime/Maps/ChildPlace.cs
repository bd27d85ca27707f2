using System.Globalization;

namespace Lanyard.Maps;

/// <summary>Where a child is below its parent.</summary>
/// <param name="Name">The name of the child in the checkpoint, or of the list or dictionary that it is in.</param>
/// <param name="Position">Its number in the list; negative where it is in none.</param>
/// <param name="Key">Its key in the dictionary, or null.</param>
/// <param name="Child">The name under which the child is registered where conventions or formats have names of their own for it; else null.</param>
internal readonly record struct ChildPlace(string Name, int Position = -1, string? Key = null, string? Child = null)
{
    /// <summary>The path below what stands before the names of the parent, with its dot at the end.</summary>
    /// <param name="prefix">What stands there.</param>
    /// <param name="name">The name, which a convention or a format may have otherwise; empty for no level.</param>
    public string Below(string prefix, string name)
    {
        var path = name.Length == 0 ? prefix : $"{prefix}{name}.";
        return (Position, Key) switch
        {
            ( >= 0, _) => string.Create(CultureInfo.InvariantCulture, $"{path}{Position}."),
            (_, { } key) => $"{path}{key}.",
            _ => path,
        };
    }
}
