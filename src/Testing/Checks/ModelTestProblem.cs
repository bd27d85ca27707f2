namespace Lanyard.Testing;

/// <summary>Something that a check has found.</summary>
/// <param name="Check">The check.</param>
/// <param name="Where">With which tensors, and on which rank; empty where that plays no part.</param>
/// <param name="Name">The module, parameter or tensor, by its full name; empty for the whole model.</param>
/// <param name="Detail">What is wrong with it.</param>
public sealed record ModelTestProblem(ModelTestCheck Check, string Where, string Name, string Detail);
