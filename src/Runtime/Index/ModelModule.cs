namespace Lanyard.Index;

/// <summary>A module of the tree, with its position in it and the prefix of its names.</summary>
internal sealed class ModelModule(int position, string prefix, ParameterSet set)
{
    public int Position { get; } = position;

    public string Prefix { get; } = prefix;

    public ParameterSet Set { get; } = set;

    /// <summary>Whether the end of an update runs no method of the module, and makes no parameter of it that no tensor brings.</summary>
    public bool IsQuiet => Set.Map.PostLoads.IsEmpty && Empty.Count == 0;

    /// <summary>The module's own parameters, by position in its map, absent ones included.</summary>
    public List<ModelParameter> Parameters { get; } = [];

    /// <summary>Those for which no tensor has anything on this rank, as where it holds no expert: what loads write is then empty, or all padding.</summary>
    public List<ModelParameter> Empty { get; } = [];
}
