namespace Lanyard;

/// <summary>One thing wrong with a load or a refit.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Tensor">The checkpoint tensor, by its full name.</param>
/// <param name="Parameter">The parameter that it fills, by its full name, or null.</param>
/// <param name="Expected">What was expected, or null.</param>
/// <param name="Found">What was found, or null.</param>
/// <param name="Nearest">For an unexpected tensor, the one that the model still needs and that it was most likely meant to be, or null: where several may be meant, or it is too far from all, there is none. For one in another convention, its name in that of the others.</param>
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
