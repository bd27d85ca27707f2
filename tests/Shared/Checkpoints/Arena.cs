using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests;

/// <summary>A block of memory for each element type, of which parameters get views one after another.</summary>
internal sealed class Arena(long elements = 1 << 18) : IDisposable
{
    // So that what was given is not a multiple of what it is aligned to.
    private const int Alignment = 16;

    private readonly Dictionary<ScalarType, Tensor> _blocks = [];
    private readonly Dictionary<ScalarType, long> _next = [];

    /// <summary>How many elements were given.</summary>
    public long Used => _next.Values.Sum();

    /// <summary>How often memory was asked for.</summary>
    public int Asked { get; private set; }

    /// <summary>What is given instead of the next view, or null.</summary>
    public Func<long[], ScalarType, Device, Tensor>? Instead { get; set; }

    /// <summary>Gives what was given already, from an element on.</summary>
    public void Back(ScalarType type, long to) => _next[type] = to;

    public Tensor Allocate(long[] shape, ScalarType type, Device device)
    {
        Asked++;
        if (Instead is { } instead) return instead(shape, type, device);
        if (!_blocks.TryGetValue(type, out var block)) _blocks.Add(type, block = zeros(elements, type).DetachFromDisposeScope());
        var (first, count) = (_next.GetValueOrDefault(type), shape.Aggregate(1L, (product, size) => product * size));
        _next[type] = (first + count + Alignment - 1) / Alignment * Alignment;
        using var part = block.narrow(0, first, count);
        return part.view(shape);
    }

    /// <summary>Whether a value lies in it.</summary>
    public bool Holds(Tensor value) => value.numel() == 0 || Holds(TensorAddress.Of(value), value.numel() * value.element_size());

    public bool Holds(nint address, long bytes) => _blocks.Values.Any(block => address >= TensorAddress.Of(block) && address + bytes <= TensorAddress.Of(block) + (block.numel() * block.element_size()));

    public void Dispose()
    {
        foreach (var block in _blocks.Values) block.Dispose();
    }
}
