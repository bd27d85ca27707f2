namespace Lanyard.Generator.Conformance.Sizes;

/// <summary>What it takes to see that requirements contradict each other.</summary>
internal enum SizeEffort
{
    /// <summary>The ranges of unknowns.</summary>
    Ranges,

    /// <summary>Equations taken from each other.</summary>
    Elimination,

    /// <summary>Values that are tried.</summary>
    Search,
}
