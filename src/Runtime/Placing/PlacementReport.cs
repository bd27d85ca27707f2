using System.Collections.Immutable;

namespace Lanyard;

/// <summary>What came of a change of placement.</summary>
/// <param name="Missing">
/// The checkpoint tensors, by their full names in the first format of each parameter, that must come before the model runs again: they have
/// what was placed on this rank and was not there. Empty where the model is whole. What a parameter loads in another format may come in that.
/// </param>
public sealed record PlacementReport(ImmutableArray<string> Missing);
