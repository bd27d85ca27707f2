namespace Lanyard;

/// <summary>One thing that keeps a model from being exported, or ranks from being merged.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Name">The tensor or, where it has no tensor, the parameter.</param>
/// <param name="Detail">What exactly, for people.</param>
public sealed record ExportProblem(ExportProblemKind Kind, string Name, string Detail);
