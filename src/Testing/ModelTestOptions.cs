using System.Collections.Immutable;

namespace Lanyard.Testing;

/// <summary>What a check of a class is told of it.</summary>
public sealed record ModelTestOptions
{
    /// <summary>
    /// The topologies under which the class is tried, each on all of its ranks: <c>new Topology(0, 2)</c> stands for both. Not given: two tensor-parallel
    /// ranks where an axis is divided over them, two expert-parallel ones likewise. Empty: none.
    /// </summary>
    public ImmutableArray<Topology> Ranks { get; init; }

    /// <summary>
    /// Axes, or dimensions as patterns spell them, that are one size by design: <c>"experts = all_experts"</c>, <c>"hidden = (heads head_dim)"</c>, and
    /// <c>"groups = 1"</c> for one that is 1. One that nothing needs is a problem.
    /// </summary>
    public ImmutableArray<string> Alike { get; init; } = [];

    /// <summary>
    /// Whether any sizes may be equal, as in the list of a published checkpoint: then axes that were exchanged are not seen, and the report lists
    /// which. Try the class with sizes that differ, too.
    /// </summary>
    public bool SizesMayBeEqual { get; init; }

    /// <summary>
    /// The tensors of the list or checkpoint that the class leaves alone, by name; <c>*</c> stands for any text. Others that fill nothing are problems,
    /// and so is a pattern that none of them matches.
    /// </summary>
    public ImmutableArray<string> LeftOut { get; init; } = [];

    /// <summary>
    /// The tensors that an export writes with other values than were loaded, by name, <c>*</c> for any text: a post-load method that quantises drops
    /// digits for good. One that comes back as it was is a problem.
    /// </summary>
    public ImmutableArray<string> Rounds { get; init; } = [];

    /// <summary>Whether the class is exported. One with a post-load method that has no undo cannot be.</summary>
    public bool Exports { get; init; } = true;
}
