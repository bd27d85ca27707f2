namespace Lanyard.Index;

/// <summary>A parameter of one module of the tree, under its full name.</summary>
internal sealed class ModelParameter(string name, ModelModule module, BoundParameter bound, int position)
{
    /// <summary>The position among all parameters of the tree, absent ones included.</summary>
    public int Position { get; } = position;

    public string Name { get; } = name;

    public ModelModule Module { get; } = module;

    public BoundParameter Bound { get; } = bound;

    /// <summary>The alternatives, in order of declaration; empty for a derived parameter, and for one that is absent.</summary>
    public List<ParameterFormat> Formats { get; } = [];
}
