using System.Collections.Immutable;

namespace Lanyard;

/// <summary>One row of the post-load dependency table, read from the body of a <see cref="PostLoadAttribute"/> method.</summary>
/// <param name="Method">The name of the method.</param>
/// <param name="Reads">The positions of the parameters that it reads.</param>
/// <param name="Writes">The positions of the parameters that it assigns.</param>
/// <param name="Undo">The name of the method that makes the model layout again, or null.</param>
public sealed record PostLoadEntry(string Method, ImmutableArray<int> Reads, ImmutableArray<int> Writes, string? Undo = null)
{
    /// <summary>Whether the method reads a parameter in the model layout and then replaces it.</summary>
    internal bool Transforms(ParameterEntry parameter) => Reads.Contains(parameter.Index) && Writes.Contains(parameter.Index);
}
