namespace Lanyard;

/// <summary>One thing that keeps a transfer from being planned or run.</summary>
/// <param name="Kind">What is the matter.</param>
/// <param name="Name">The tensor, the parameter or the class.</param>
/// <param name="Expected">What would be right; null where <paramref name="Found"/> says it all.</param>
/// <param name="Found">What is there.</param>
/// <param name="Process">The process that it is about; null for all.</param>
public sealed record TransferProblem(TransferProblemKind Kind, string Name, string? Expected, string Found, int? Process = null);
