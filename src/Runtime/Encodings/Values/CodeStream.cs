using System.Collections.Immutable;
using TorchSharp;

namespace Lanyard.Encodings.Values;

/// <summary>The bits of each code of a stored tensor, in the order of positions, wherever they lie.</summary>
internal sealed unsafe class CodeStream
{
    private readonly torch.Tensor _tensor;
    private readonly byte* _start;
    private readonly long _inner;
    private readonly long _wordsOfAxis;
    private readonly long _size;
    private readonly long _block;
    private readonly long _wordsOfBlock;
    private readonly int _word;
    private readonly int[] _order;
    private readonly HalfBytes? _halves;

    /// <summary>Reads codes out of a tensor.</summary>
    /// <param name="layout">How they lie.</param>
    /// <param name="shape">How many there are along each axis.</param>
    /// <param name="tensor">The tensor, on the CPU and contiguous.</param>
    /// <exception cref="ArgumentException">The tensor has not as many words.</exception>
    /// <exception cref="InvalidDataException">The last codes have no place.</exception>
    public CodeStream(CodeLayout layout, ImmutableArray<long> shape, torch.Tensor tensor)
    {
        (_tensor, Count) = (tensor, shape.Aggregate(1L, static (count, size) => checked(count * size)));
        _word = (int)tensor.element_size() * 8;
        Bits = layout.Bits == 0 ? _word : layout.Bits;
        if (Bits > _word || (layout.Bits != 0 && layout.Word != _word)) throw new ArgumentException($"Codes of {Bits} bits in words of {layout.Word} are not stored in elements of {_word}.", nameof(tensor));
        if (tensor.device_type != DeviceType.CPU || !tensor.is_contiguous()) throw new ArgumentException("Only a contiguous CPU tensor is read.", nameof(tensor));
        _order = IsOrdered(layout.Order) ? [] : [.. layout.Order];
        if (_order.AsSpan().ContainsAnyExceptInRange(0, _order.Length - 1)) throw new ArgumentException("An order has places that it does not have.", nameof(layout));

        // Where each word is a code, all axes are one.
        IsPlain = layout.Bits == 0 || (Bits == _word && _order.Length == 0 && layout.Block == 0);
        var axis = IsPlain ? 0 : shape.Length + layout.Axis;
        if (!IsPlain && (axis < 0 || axis >= shape.Length)) throw new ArgumentException($"There is no axis {layout.Axis} among {shape.Length}.", nameof(layout));
        (_size, _inner) = IsPlain ? (Count, 1L) : (shape[axis], shape.Skip(axis + 1).Aggregate(1L, static (count, size) => count * size));
        _block = IsPlain || layout.Block == 0 ? _size : layout.Block;
        _wordsOfBlock = WordsOf(_block);
        _wordsOfAxis = _size == 0 ? 0 : (((_size - 1) / _block) + 1) * _wordsOfBlock;
        var outer = Count == 0 ? 0 : Count / _size / _inner;
        if (checked(outer * _wordsOfAxis * _inner) != tensor.numel()) throw new ArgumentException($"{Count} codes of {Bits} bits are not {tensor.numel()} words of {_word}.", nameof(tensor));
        if (Count == 0) return;
        var most = Math.Min(_block, _size);
        for (var code = Math.Max(0, most - _order.Length); code < most; code++)
        {
            if ((Place(code) + 1) * Bits > _wordsOfBlock * _word) throw new InvalidDataException($"the last of {most} codes, which are in an order of {_order.Length}, have no place");
        }
        _start = (byte*)TensorAddress.Of(tensor);

        // Blocks that end with words and with runs of the order are not told apart, and neither are such rows.
        var ends = _order.Length == 0 ? 1 : _order.Length;
        if (_block * Bits % _word == 0 && _block % ends == 0) _block = _size;
        if (_inner == 1 && _block == _size && _size * Bits == _wordsOfAxis * _word && _size % ends == 0) _block = _size = Count;
        if (Bits == 4 && (_order.Length == 0 || HalfBytes.MostOrder % _order.Length == 0)) _halves = new HalfBytes(_order);
    }

    /// <summary>How many codes there are.</summary>
    public long Count { get; }

    /// <summary>The bits of a code.</summary>
    public int Bits { get; }

    /// <summary>Whether each word is one code.</summary>
    public bool IsPlain { get; }

    /// <summary>Where the words lie that are a code each.</summary>
    public byte* Plain(long first)
    {
        GC.KeepAlive(_tensor);
        return _start + (first * _word / 8);
    }

    /// <summary>Reads codes of up to eight bits.</summary>
    /// <param name="first">The first.</param>
    /// <param name="count">How many; with the first one, not more than there are.</param>
    /// <param name="to">Filled.</param>
    public void Bytes(long first, int count, byte* to)
    {
        while (count > 0)
        {
            var (outer, code, across) = (first / _inner / _size, first / _inner % _size, first % _inner);
            var run = (int)Math.Min(count, _inner == 1 ? _size - code : _inner - across);
            if (_inner == 1) Along(outer, code, run, to);
            else Across(outer, code, across, run, to);
            (first, count) = (first + run, count - run);
            to += run;
        }
        GC.KeepAlive(_tensor);
    }

    /// <summary>The bits of a code.</summary>
    /// <param name="at">Which.</param>
    public ulong Code(long at)
    {
        var code = Code(at / _inner / _size, at / _inner % _size, at % _inner);
        GC.KeepAlive(_tensor);
        return code;
    }

    /// <summary>Codes of a row, where words follow each other: their bytes are one stream of bits.</summary>
    private void Along(long outer, long code, int count, byte* to)
    {
        var i = 0;
        if (_block == _size)
        {
            var row = _start + (outer * _wordsOfAxis * (_word / 8));
            if (_halves is { } halves)
            {
                var ends = _order.Length < 2 ? 2 : _order.Length;
                for (; i < count && (code + i) % ends != 0; i++) to[i] = (byte)Code(outer, code + i, 0);
                i += halves.Read(row + ((code + i) / 2), count - i, to + i);
            }
            if (_order.Length == 0)
            {
                var mask = (1 << Bits) - 1;
                for (var bit = (code + i) * Bits; i < count; i++, bit += Bits)
                {
                    var at = row + (bit / 8);
                    var shift = (int)(bit % 8);
                    to[i] = (byte)((shift + Bits <= 8 ? *at >> shift : (at[0] | (at[1] << 8)) >> shift) & mask);
                }
            }
        }
        for (; i < count; i++) to[i] = (byte)Code(outer, code + i, 0);
    }

    /// <summary>The same code of words side by side.</summary>
    private void Across(long outer, long code, long across, int count, byte* to)
    {
        var bit = Place(code % _block) * Bits;
        var word = (((outer * _wordsOfAxis) + (code / _block * _wordsOfBlock) + (bit / _word)) * _inner) + across;
        var (shift, i) = ((int)(bit % _word), 0);
        if (_word == 32) i = SideBySide.Read((uint*)_start + word, shift + Bits > _word ? _inner : 0, shift, Bits, count, to);
        else if (_word == 8 && shift + Bits <= _word) i = SideBySide.Read(_start + word, shift, Bits, count, to);
        for (; i < count; i++) to[i] = (byte)Code(outer, code, across + i);
    }

    private static bool IsOrdered(ImmutableArray<int> order) => order.IsDefaultOrEmpty || order.SequenceEqual(Enumerable.Range(0, order.Length));

    private ulong Code(long outer, long code, long across)
    {
        var bit = Place(code % _block) * Bits;
        var word = (((outer * _wordsOfAxis) + (code / _block * _wordsOfBlock) + (bit / _word)) * _inner) + across;
        var shift = (int)(bit % _word);
        var bits = Word(word) >> shift;
        if (shift + Bits > _word) bits |= Word(word + _inner) << (_word - shift);
        return Bits == 64 ? bits : bits & ((1UL << Bits) - 1);
    }

    /// <summary>Where a code of a block lies among them.</summary>
    private long Place(long code) => _order.Length == 0 ? code : code - (code % _order.Length) + _order[code % _order.Length];

    private ulong Word(long at) => _word switch
    {
        8 => _start[at],
        16 => ((ushort*)_start)[at],
        32 => ((uint*)_start)[at],
        _ => ((ulong*)_start)[at],
    };

    private long WordsOf(long codes) => checked(((codes * Bits) - 1) / _word) + 1;
}
