using System.Collections.Immutable;

namespace Lanyard.Index;

/// <summary>A module of the tree, with its position in it and the prefixes of its names.</summary>
/// <param name="position">Its position.</param>
/// <param name="prefix">What usually stands before its names.</param>
/// <param name="others">What stands there in the other ways of naming, in their order.</param>
/// <param name="set">Its parameters.</param>
internal sealed class ModelModule(int position, ModulePrefix prefix, ImmutableArray<ModulePrefix> others, ParameterSet set)
{
    public int Position { get; } = position;

    /// <summary>What stands before the names of its own parameters, and of tensors in formats that have no other names for it.</summary>
    public string Prefix => prefix.Default;

    /// <summary>What stands before the names of tensors, format by format.</summary>
    public ModulePrefix Prefixes => prefix;

    /// <summary>The same in the other ways of naming, in their order.</summary>
    public ImmutableArray<ModulePrefix> OtherPrefixes => others;

    public ParameterSet Set { get; } = set;

    /// <summary>Whether the end of an update runs no method of the module, and makes no parameter of it that no tensor brings.</summary>
    public bool IsQuiet => Set.Map.PostLoads.IsEmpty && Empty.Count == 0;

    /// <summary>Whether a post-load method runs here: not where all that it reads and assigns is held by other pipeline stages.</summary>
    public bool Runs(int method)
    {
        var entry = Set.Map.PostLoads[method];
        return entry.Reads.IsEmpty && entry.Writes.IsEmpty ? Set.Topology.IsHeld : entry.Reads.Concat(entry.Writes).Any(i => !Set[i].IsElsewhere);
    }

    /// <summary>The module's own parameters, by position in its map, absent ones included.</summary>
    public List<ModelParameter> Parameters { get; } = [];

    /// <summary>Those whose tensors may stay away.</summary>
    public List<ModelParameter> Optional { get; } = [];

    /// <summary>Those that may be decoded without some of their companions.</summary>
    public List<ModelParameter> Bare { get; } = [];

    /// <summary>Those for which no tensor has anything on this rank, as where it holds no expert: what loads write is then empty, or all padding.</summary>
    public List<ModelParameter> Empty { get; } = [];
}
