namespace Lanyard;

/// <summary>The name that a child has in the checkpoints of one convention or format.</summary>
/// <param name="Child">The name under which the child, or the list of children, is registered.</param>
/// <param name="Format">The format; empty for those that have no other name.</param>
/// <param name="Name">The name below the parent; empty where the child has no level of its own.</param>
/// <param name="Convention">The convention; empty for those that have no other name.</param>
public sealed record ChildName(string Child, string Format, string Name, string Convention = "");
