using Lanyard.Generator.Conformance.Matching;
using Lanyard.Generator.Conformance.Sizes;

namespace Lanyard.Generator.Conformance.Solving;

/// <summary>The sizes of a module's axes.</summary>
/// <param name="Module">The module.</param>
/// <param name="Axes">The size of each, by its name.</param>
/// <param name="Shapes">The shape of each parameter that is there, by its property.</param>
public sealed record ModuleSizes(MatchedModule Module, IReadOnlyDictionary<string, SizeTerm> Axes, IReadOnlyDictionary<string, IReadOnlyList<SizeTerm>> Shapes);
