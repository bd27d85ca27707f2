using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard;

/// <summary>What this rank holds of the axes of a module: what a forward pass on a slice needs to know.</summary>
public static class HeldAxes
{
    // No index of an axis.
    private const long Padding = -1;

    /// <summary>
    /// For each position of an axis that the rank holds, in its order, the index in the whole axis; -1 for one that was added so that the axis divides, where all weights
    /// are zero. There are as many as the shapes of the parameters say.
    /// </summary>
    /// <param name="parameters">The parameters of the module.</param>
    /// <param name="axis">The axis, as patterns spell it: <c>kv_heads</c>.</param>
    /// <exception cref="ArgumentException">The class has no such axis.</exception>
    public static ImmutableArray<long> Held(this ParameterSet parameters, string axis)
    {
        var declared = Find(parameters, axis);
        var held = ImmutableArray.CreateBuilder<long>((int)declared.Held.Count(declared.Size));
        foreach (var run in declared.Held.Runs(declared.Size))
        {
            for (var i = 0L; i < run.Count; i++) held.Add(run.Start + (i * run.Step));
        }
        while (held.Count < held.Capacity) held.Add(Padding);
        return held.MoveToImmutable();
    }

    /// <summary>
    /// For each position of an axis that the rank holds, at which position of another it finds what it reads: which of its key heads a query head reads, which of its groups a
    /// head. Index i of an axis of n reads index i * m / n, rounded down, of one of m. A share may cut such a group, so that local positions divided by each other are
    /// not it. A position that was added reads the first: whatever comes of it meets zeros.
    /// </summary>
    /// <param name="parameters">The parameters of the module.</param>
    /// <param name="axis">The axis that reads: <c>heads</c>.</param>
    /// <param name="read">The axis that is read: <c>kv_heads</c>.</param>
    /// <exception cref="ArgumentException">The class has no such axis.</exception>
    /// <exception cref="InvalidOperationException">The rank lacks what some index reads: the axis that is read follows the other, <c>[Axis(Follows = ...)]</c>, or is whole.</exception>
    public static ImmutableArray<long> Reads(this ParameterSet parameters, string axis, string read)
    {
        var (size, of) = (Find(parameters, axis).Size, Find(parameters, read).Size);
        var there = new Dictionary<long, long>();
        foreach (var (position, index) in Held(parameters, read).Index()) there.TryAdd(index, position);
        return [.. Held(parameters, axis).Select(index => index == Padding ? 0 : there.TryGetValue(index * of / size, out var position) ? position
            : throw new InvalidOperationException($"{parameters.Map.Type} holds index {index} of {axis} on this rank, but not index {index * of / size} of {read}, which it reads: declare {read} with [Axis(Follows = ...)]."))];
    }

    private static Axis Find(ParameterSet parameters, string axis)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters.Axes.FirstOrDefault(declared => declared.Name == axis)
            ?? throw new ArgumentException($"{parameters.Map.Type} has no axis \"{axis}\", but {string.Join(", ", parameters.Axes.Select(declared => declared.Name))}.", nameof(axis));
    }
}
