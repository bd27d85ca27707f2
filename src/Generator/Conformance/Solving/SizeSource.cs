using Lanyard.Generator.Conformance.Matching;

namespace Lanyard.Generator.Conformance.Solving;

/// <summary>What says a size: tensors of a list that a source takes, or a key of a configuration.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Reading">How the class reads it, for messages; empty where it is no tensor.</param>
/// <param name="Place">Where the size stands.</param>
/// <param name="Declared">Where the class says what it is, or null.</param>
public sealed record SizeSource(string Name, string Reading, ProblemPlace Place, ProblemPlace? Declared);
