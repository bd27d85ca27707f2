using static TorchSharp.torch;

namespace Lanyard.Models.Layers;

/// <summary>
/// Where the tokens of one pass stand, and what layers compute from that alone, once for all of them. All sequences of a batch have the same
/// positions; there is no padding.
/// </summary>
/// <param name="start">The position of the first token: how many were before it.</param>
/// <param name="count">How many tokens the pass has.</param>
/// <param name="device">Where it runs.</param>
public sealed class Positions(long start, long count, Device device) : IDisposable
{
    private readonly Dictionary<object, Tensor[]> _made = [];

    /// <summary>The position of the first token.</summary>
    public long Start { get; } = start;

    /// <summary>How many tokens the pass has.</summary>
    public long Count { get; } = count;

    /// <summary>How many tokens there are with those before.</summary>
    public long Total => Start + Count;

    /// <summary>Where the pass runs.</summary>
    public Device Device { get; } = device;

    /// <summary>Cosines and sines of the positions, [count 1 width] each, float32. They belong to this.</summary>
    /// <param name="rotary">The frequencies.</param>
    public (Tensor Cos, Tensor Sin) Of(RotaryEmbedding rotary)
    {
        ArgumentNullException.ThrowIfNull(rotary);
        var made = Made(rotary, () =>
        {
            var (cos, sin) = rotary.At(Start, Count, Device);
            return [cos, sin];
        });
        return (made[0], made[1]);
    }

    /// <summary>
    /// Which keys a query sees, [count total]: none after it and, in a window, none further back than that. Null where it is all those up to its own in a pass
    /// that begins at 0, which attention knows without a mask. It belongs to this.
    /// </summary>
    /// <param name="window">How many keys a query sees, its own among them; null for all.</param>
    public Tensor? Mask(int? window = null)
    {
        if (window >= Total) window = null;
        return Start == 0 && window is null ? null : Seen(window);
    }

    /// <summary>The same, [count total], whatever it is. It belongs to this.</summary>
    /// <param name="window">How many keys a query sees, its own among them; null for all.</param>
    public Tensor Seen(int? window = null)
    {
        if (window >= Total) window = null;
        return Made(("mask", window), () =>
        {
            using var scope = NewDisposeScope();
            var queries = Numbers.Range(Start, Total, device: Device).unsqueeze(1);
            var keys = Numbers.Range(0, Total, device: Device);
            var seen = keys.le(queries);
            if (window is { } width) seen = seen.logical_and(keys.gt(queries.Minus(width)));
            return [seen.MoveToOuterDisposeScope()];
        })[0];
    }

    /// <summary>What a layer computes from the positions, made at its first use. It belongs to this.</summary>
    /// <param name="key">What it is.</param>
    /// <param name="make">Makes it.</param>
    public Tensor[] Made(object key, Func<Tensor[]> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        if (_made.TryGetValue(key, out var made)) return made;

        // It outlives the scope of the layer that asks first.
        made = [.. make().Select(tensor => tensor.DetachFromDisposeScope())];
        _made.Add(key, made);
        return made;
    }

    /// <summary>Leaves tensors for the layers behind in the same pass: keys and values that several layers read, what comes of the tokens themselves.</summary>
    /// <param name="key">By what they are found: the layer that leaves them, say.</param>
    /// <param name="values">The tensors, which stay the caller's: this has handles of its own.</param>
    public void Leave(object key, params Tensor[] values)
    {
        if (_made.Remove(key, out var before)) DisposeOf(before);
        _made.Add(key, [.. values.Select(static value => value.alias().DetachFromDisposeScope())]);
    }

    /// <summary>What was left in this pass. It belongs to this.</summary>
    /// <param name="key">By what it is found.</param>
    /// <exception cref="InvalidOperationException">Nothing was: the layers did not run in order.</exception>
    public Tensor[] Left(object key) => _made.TryGetValue(key, out var left)
        ? left
        : throw new InvalidOperationException($"This layer reads what an earlier part of the model leaves in the same pass, of {key}, and that did not run.");

    /// <summary>Disposes of all that was made.</summary>
    public void Dispose()
    {
        foreach (var tensors in _made.Values) DisposeOf(tensors);
        _made.Clear();
    }

    private static void DisposeOf(Tensor[] tensors)
    {
        foreach (var tensor in tensors) tensor.Dispose();
    }
}
