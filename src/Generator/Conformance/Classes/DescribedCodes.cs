namespace Lanyard.Generator.Conformance.Classes;

/// <summary>How codes lie in a stored tensor; see <c>CodeLayout</c> of the runtime.</summary>
/// <param name="Type">What a code stands for: the name of a member of the enumeration.</param>
/// <param name="Bits">The bits of a code; zero where each is an element of its own.</param>
/// <param name="Word">The bits of a word.</param>
/// <param name="Axis">The axis along which codes are packed, counted from the end: -1 is the last.</param>
/// <param name="Block">The codes of a block that has an axis of its own; zero for none.</param>
public sealed record DescribedCodes(string Type, int Bits, int Word, int Axis, int Block);
