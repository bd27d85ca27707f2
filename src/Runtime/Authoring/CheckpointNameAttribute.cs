namespace Lanyard;

/// <summary>States the name of a child module in the checkpoint where it is not the property's name in snake_case.</summary>
/// <param name="name">The name of the child below its parent: <c>mlp</c>, or with dots for levels that have no module of their own.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CheckpointNameAttribute(string name) : Attribute
{
    /// <summary>The name of the child below its parent.</summary>
    public string Name { get; } = name;
}
