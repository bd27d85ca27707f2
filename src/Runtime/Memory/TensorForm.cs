using TorchSharp;

namespace Lanyard.Memory;

/// <summary>
/// How a tensor lies in memory: address, shape, strides, type and device. Kept of every live parameter, since whoever writes to an
/// address trusts that it is still the tensor's: <c>set_</c> on the parameter object, from wherever, tells nobody.
/// </summary>
internal sealed class TensorForm
{
    // Sizes, then strides.
    private readonly long[] _extents;
    private readonly DeviceType _device;
    private readonly int _deviceIndex;

    private TensorForm(torch.Tensor tensor)
    {
        var dimensions = (int)tensor.dim();
        _extents = new long[2 * dimensions];
        var elements = 1L;
        for (var d = 0; d < dimensions; d++)
        {
            (_extents[d], _extents[dimensions + d]) = (tensor.size(d), tensor.stride(d));
            elements *= _extents[d];
        }
        (Type, ElementSize, _device) = (tensor.dtype, tensor.element_size(), tensor.device_type);
        _deviceIndex = _device == DeviceType.CPU ? -1 : tensor.device_index;
        (Elements, Bytes) = (elements, elements * ElementSize);
        IsContiguous = AreContiguous(Sizes, Strides);
        Address = _device == DeviceType.CPU && elements > 0 ? TensorAddress.First(tensor) : 0;
    }

    /// <summary>The element type.</summary>
    public torch.ScalarType Type { get; }

    /// <summary>The bytes of an element.</summary>
    public long ElementSize { get; }

    /// <summary>The number of elements.</summary>
    public long Elements { get; }

    /// <summary>The bytes of the elements.</summary>
    public long Bytes { get; }

    /// <summary>Whether the elements lie one after another, in order.</summary>
    public bool IsContiguous { get; }

    /// <summary>The address of the first element in the memory of this process; zero on other devices, and where there is none.</summary>
    public nint Address { get; }

    /// <summary>The address from which all elements can be reached, in order, or zero.</summary>
    public nint Reach => IsContiguous ? Address : 0;

    /// <summary>Whether the tensor is on a device that keeps no values.</summary>
    public bool IsMeta => _device == DeviceType.META;

    /// <summary>The sizes, slowest dimension first.</summary>
    public ReadOnlySpan<long> Sizes => _extents.AsSpan(0, _extents.Length / 2);

    /// <summary>The strides, in elements.</summary>
    public ReadOnlySpan<long> Strides => _extents.AsSpan(_extents.Length / 2);

    /// <summary>The address after the last element that is reached.</summary>
    public nint End
    {
        get
        {
            var last = 0L;
            for (var d = 0; d < Sizes.Length; d++) last += (Sizes[d] - 1) * Strides[d];
            return Address == 0 ? 0 : Address + (nint)((last + 1) * ElementSize);
        }
    }

    /// <summary>Whether elements may share memory. Only where strides interleave in an unusual way it says so of some that do not.</summary>
    public bool MayOverlap
    {
        get
        {
            if (IsContiguous) return false;
            var span = 0L;
            foreach (var (stride, size) in Enumerable.Range(0, _extents.Length / 2).Select(d => (Stride: _extents[(_extents.Length / 2) + d], Size: _extents[d])).Where(loop => loop.Size > 1).OrderBy(loop => loop.Stride))
            {
                if (stride <= span) return true;
                span += (size - 1) * stride;
            }
            return false;
        }
    }

    public static TensorForm Of(torch.Tensor tensor) => new(tensor);

    /// <summary>Whether a tensor lies so. Nothing is allocated.</summary>
    public bool IsOf(torch.Tensor tensor)
    {
        // Nothing changes the type of a tensor object, and set_ refuses another device: of what has an address, that says all.
        if (tensor.IsInvalid || tensor.dim() != _extents.Length / 2) return false;
        if (Address == 0 && (tensor.dtype != Type || tensor.device_type != _device)) return false;
        var dimensions = _extents.Length / 2;
        for (var d = 0; d < dimensions; d++)
        {
            if (tensor.size(d) != _extents[d] || tensor.stride(d) != _extents[dimensions + d]) return false;
        }
        return Address != 0 ? TensorAddress.First(tensor) == Address : _device == DeviceType.CPU || tensor.device_index == _deviceIndex;
    }

    /// <summary>Whether a value of another form can be copied into this one: shape, type and device are the same.</summary>
    public bool Takes(TensorForm other) =>
        Type == other.Type && _device == other._device && _deviceIndex == other._deviceIndex && Sizes.SequenceEqual(other.Sizes);

    /// <summary>The form, for messages: <c>BFloat16 [16, 64]</c>, with strides where they are not those of rows.</summary>
    public override string ToString() =>
        $"{Type} {Shapes.Text(Sizes)}{(IsContiguous ? "" : $" with strides {Shapes.Text(Strides)}")}{(_device == DeviceType.CPU ? "" : $" on {$"{_device}".ToLowerInvariant()}")}";

    private static bool AreContiguous(ReadOnlySpan<long> sizes, ReadOnlySpan<long> strides)
    {
        if (sizes.Contains(0)) return true;
        for (var (d, stride) = (sizes.Length - 1, 1L); d >= 0; stride *= sizes[d--])
        {
            // As libtorch sees it: of an axis of one element the stride says nothing.
            if (sizes[d] != 1 && strides[d] != stride) return false;
        }
        return true;
    }
}
