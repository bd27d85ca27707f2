namespace Lanyard.Books;

/// <summary>What is behind several problems, said once in their place.</summary>
/// <param name="Kind">What stands at the beginning of the line: the kind of problem, or null where the names are what is wrong.</param>
/// <param name="Text">The rest of the line.</param>
/// <param name="Problems">What is not said otherwise then.</param>
internal sealed record LoadCause(LoadProblemKind? Kind, string Text, IReadOnlyCollection<LoadProblem> Problems);
