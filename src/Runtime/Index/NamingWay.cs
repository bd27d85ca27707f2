using System.Collections.Immutable;
using Lanyard.Maps;

namespace Lanyard.Index;

/// <summary>One way in which checkpoints name the tensors of a model, throughout.</summary>
/// <param name="Convention">The convention; empty for the names that are stated without one.</param>
/// <param name="Prefixed">The classes below the root whose optional prefix is written.</param>
internal sealed record NamingWay(string Convention, ImmutableArray<ModuleMap> Prefixed)
{
    /// <summary>That of the names that are stated without a convention, without what may be left out.</summary>
    public static NamingWay Usual { get; } = new("", []);

    /// <summary>What stands before every name of a module and of what is below it.</summary>
    public string PrefixOf(ModuleMap map)
    {
        if (map.Prefixes.IsEmpty) return "";
        var own = Convention.Length > 0 ? map.PrefixIn(Convention) : "";
        return own.Length > 0 ? own : Prefixed.Contains(map) ? map.OptionalPrefix : "";
    }

    /// <summary>The name of a child below its parent in a format.</summary>
    public string NameOf(ChildPlace place, ReadOnlySpan<ChildName> names, string format)
    {
        var (found, rank) = (place.Name, -1);
        foreach (var name in names)
        {
            // A format's names are its own before they are a convention's: those of GGUF are the same in all.
            var own = (name.Format == format ? 2 : name.Format.Length == 0 ? 0 : -4) + (name.Convention == Convention ? 1 : name.Convention.Length == 0 ? 0 : -4);
            if (own > rank) (found, rank) = (name.Name, own);
        }
        return found;
    }
}
