namespace Lanyard;

/// <summary>One thing wrong with a load or a refit.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Tensor">The checkpoint tensor, by its full name.</param>
/// <param name="Parameter">The parameter that it fills, by its full name, or null.</param>
/// <param name="Expected">What was expected, or null.</param>
/// <param name="Found">What was found, or null.</param>
/// <param name="Nearest">The nearest name that the model knows, for an unexpected tensor, or null.</param>
public sealed record LoadProblem(
    LoadProblemKind Kind,
    string Tensor,
    string? Parameter = null,
    string? Expected = null,
    string? Found = null,
    string? Nearest = null)
{
    /// <summary>The post-load methods that cannot run again without a missing tensor, by module and method, or null.</summary>
    public string? NeededBy { get; init; }
}
