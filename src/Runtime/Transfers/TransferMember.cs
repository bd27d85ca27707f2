using System.Collections.Immutable;

namespace Lanyard;

/// <summary>A parameter that a group of a plan fills.</summary>
/// <param name="Position">Its number in the plan, in the order of the model: processes go through parameters in this order.</param>
/// <param name="Target">Its full name on the target side.</param>
/// <param name="Sources">The full names of the parameters that it is filled from, in the order in which runs number them.</param>
public sealed record TransferMember(int Position, string Target, ImmutableArray<string> Sources);
