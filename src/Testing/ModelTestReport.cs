using System.Collections.Immutable;

namespace Lanyard.Testing;

/// <summary>What was checked of a class, and found right.</summary>
/// <param name="Type">The class.</param>
/// <param name="Parameters">How many parameters the whole model has.</param>
/// <param name="Sets">The sets of tensors that it was tried with.</param>
/// <param name="Refits">How many refits of some tensors were made.</param>
/// <param name="Ranks">How many ranks were made, over all sets and topologies.</param>
/// <param name="Notes">What was not looked at, and why.</param>
public sealed record ModelTestReport(string Type, int Parameters, ImmutableArray<string> Sets, int Refits, int Ranks, ImmutableArray<string> Notes)
{
    /// <summary>The report in a few lines, for a log.</summary>
    public override string ToString() => string.Join(
        "\n  not looked at: ",
        [$"{Type}: {Parameters} parameters, tried with {(Sets.IsEmpty ? "names, shapes and types alone" : string.Join(", ", Sets))}; {Refits} refits of some tensors, {Ranks} ranks", .. Notes]);
}
