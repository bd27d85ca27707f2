namespace Lanyard;

/// <summary>The name that a child has in the checkpoints of one format.</summary>
/// <param name="Child">The name under which the child, or the list of children, is registered.</param>
/// <param name="Format">The format.</param>
/// <param name="Name">The name below the parent; empty where the child has no level of its own.</param>
public sealed record ChildName(string Child, string Format, string Name);
