using System.Collections.Immutable;
using Lanyard.Maps;

namespace Lanyard.Index;

/// <summary>What stands before the names of the tensors of a module, in one way of naming.</summary>
/// <param name="Default">What stands there in formats that have no other names for the module or one above it.</param>
/// <param name="Others">What stands there in those that have.</param>
internal readonly record struct ModulePrefix(string Default, ImmutableArray<(string Format, string Prefix)> Others)
{
    /// <summary>That of a root.</summary>
    public static ModulePrefix Root { get; } = new("", []);

    /// <summary>All that differ.</summary>
    public IEnumerable<string> All => Others.IsEmpty ? [Default] : Others.Select(other => other.Prefix).Prepend(Default).Distinct();

    /// <summary>What stands there in a format.</summary>
    public string Of(string format)
    {
        foreach (var (named, prefix) in Others)
        {
            if (named == format) return prefix;
        }
        return Default;
    }

    /// <summary>That of a child.</summary>
    /// <param name="place">Where the child is.</param>
    /// <param name="map">The map of its parent; null where that has none.</param>
    /// <param name="way">The way of naming.</param>
    public ModulePrefix Child(ChildPlace place, ModuleMap? map, NamingWay way)
    {
        var names = place.Child is null || map is null ? [] : map.ChildNames.Where(name => name.Child == place.Child).ToArray();
        var path = place.Below(Default, names.Length == 0 ? place.Name : way.NameOf(place, names, ""));
        if (names.Length == 0 && Others.IsEmpty) return new ModulePrefix(path, []);
        var parent = this;
        return new ModulePrefix(path, [.. Others.Select(other => other.Format).Union(names.Where(name => name.Format.Length > 0).Select(name => name.Format))
            .Select(format => (format, place.Below(parent.Of(format), way.NameOf(place, names, format))))]);
    }

    /// <summary>The same with a text at the end.</summary>
    public ModulePrefix Then(string text) => text.Length == 0 ? this : new ModulePrefix(Default + text, [.. Others.Select(other => (other.Format, other.Prefix + text))]);
}
