using static TorchSharp.torch;

namespace Lanyard.Models.Layers;

/// <summary>A block's state as plain tensors, longer with every token.</summary>
public sealed class PlainState : IBlockState, IDisposable
{
    private readonly Dictionary<string, Tensor> _kept = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Tensor Extend(string name, Tensor value, int dim)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (Get(name) is not { } before)
        {
            Set(name, value);
            return _kept[name];
        }
        using var all = cat([before, value], dim);
        Set(name, all);
        return _kept[name];
    }

    /// <inheritdoc/>
    public Tensor? Get(string name) => _kept.GetValueOrDefault(name);

    /// <inheritdoc/>
    public void Set(string name, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var copy = value.clone().DetachFromDisposeScope();
        if (_kept.Remove(name, out var old)) old.Dispose();
        _kept.Add(name, copy);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in _kept.Values) value.Dispose();
        _kept.Clear();
    }
}
