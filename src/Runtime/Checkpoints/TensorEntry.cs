using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Checkpoints;

/// <summary>A tensor about to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Key">Its name in UTF-8, by which files are ordered.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">The size of each axis.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Make">Gives the tensor when its turn comes.</param>
/// <param name="Owned">Whether it is to be disposed afterwards; otherwise it belongs to the caller.</param>
internal sealed record TensorEntry(string Name, byte[] Key, CheckpointType Type, long[] Shape, long Length, Func<Tensor> Make, bool Owned)
{
    // What is not a plain CPU tensor is copied in pieces of this size.
    private const long PieceBytes = 1 << 24;

    // The lenient one writes half of a surrogate pair as U+FFFD: two names could become one.
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Lists the tensors to be written, in the order given.</summary>
    /// <param name="path">The file or folder to be written, for messages.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="metadata">What will be the <c>__metadata__</c>.</param>
    /// <exception cref="CheckpointException">Names or tensors, all of those reported, cannot be written.</exception>
    public static List<TensorEntry> List(string path, IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata) =>
        List(path, tensors.Select(tensor => ((string?)tensor.Name, Problem(tensor.Value), tensor)), Of, metadata);

    /// <inheritdoc cref="List(string, IEnumerable{ValueTuple{string, Tensor}}, IReadOnlyDictionary{string, string}?)"/>
    public static List<TensorEntry> List(string path, IEnumerable<TensorProducer> tensors, IReadOnlyDictionary<string, string>? metadata) =>
        List(path, tensors.Select(tensor => ((string?)tensor.Name, Problem(tensor), tensor)), Of, metadata);

    private static List<TensorEntry> List<T>(
        string path, IEnumerable<(string? Name, string? Problem, T Tensor)> tensors, Func<T, byte[], TensorEntry> of, IReadOnlyDictionary<string, string>? metadata)
    {
        List<TensorEntry> entries = [];
        List<string> problems = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach ((string? name, string? problem, T tensor) in tensors)
        {
            string what = $"tensor {JsonCursor.Quote(name ?? "")}";
            if (name is null || Encode(name) is not byte[] key)
            {
                problems.Add($"{what}: the name is not valid text.");
            }
            else if (name == SafetensorsHeader.MetadataKey || !names.Add(name))
            {
                problems.Add($"{what}: the name is {(name == SafetensorsHeader.MetadataKey ? "reserved" : "there twice")}.");
            }
            else if (problem is not null)
            {
                problems.Add($"{what}: {problem}");
            }
            else
            {
                entries.Add(of(tensor, key));
            }
        }

        problems.AddRange((metadata ?? new Dictionary<string, string>())
            .Where(pair => pair.Value is null || Encode(pair.Key) is null || Encode(pair.Value) is null)
            .Select(pair => $"metadata {JsonCursor.Quote(pair.Key)}: the key or the value is not valid text."));
        return problems.Count == 0 ? entries : throw new CheckpointException(path, problems);
    }

    /// <summary>Appends the tensor's bytes, in row-major order, to a file.</summary>
    /// <param name="value">What <see cref="Make"/> gave.</param>
    /// <param name="file">The file.</param>
    /// <exception cref="InvalidOperationException">The tensor is another one than was announced.</exception>
    public void AppendTo(Tensor value, PendingFile file)
    {
        if (Problem(value) is string problem)
        {
            throw new InvalidOperationException(problem);
        }

        CheckpointType type = CheckpointTypes.FromScalarType(value.dtype);
        if (type != Type || !value.shape.AsSpan().SequenceEqual(Shape))
        {
            throw new InvalidOperationException(
                $"it was announced as {Type.Text()} [{string.Join(", ", Shape)}], but is {type.Text()} [{string.Join(", ", value.shape)}].");
        }

        if (Length > 0)
        {
            Append(value, file);
        }
    }

    private static TensorEntry Of((string Name, Tensor Value) tensor, byte[] key)
    {
        CheckpointType type = CheckpointTypes.FromScalarType(tensor.Value.dtype);

        // Checked: an expanded view has as many elements as it likes.
        return new TensorEntry(tensor.Name, key, type, tensor.Value.shape, checked(tensor.Value.numel() * type.Size()), () => tensor.Value, Owned: false);
    }

    private static TensorEntry Of(TensorProducer tensor, byte[] key) => new(
        tensor.Name,
        key,
        tensor.DType,
        [.. tensor.Shape],
        tensor.Shape.Aggregate((long)tensor.DType.Size(), static (length, size) => checked(length * size)),
        tensor.Make,
        Owned: true);

    private static string? Problem(TensorProducer? tensor) =>
        tensor?.Make is null || tensor.Shape.IsDefault ? "there is no tensor."
        : tensor.Shape.Any(static size => size < 0) ? "its shape is negative."
        : !Enum.IsDefined(tensor.DType) || !tensor.DType.IsViewable() ? $"the element type {tensor.DType} is not written."
        : null;

    private static byte[]? Encode(string text)
    {
        try
        {
            return Strict.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }

    private static string? Problem(Tensor? value) =>
        value is null || value.IsInvalid ? "there is no tensor."
        : value.device_type == DeviceType.META ? "it is on the meta device, and has no values."
        : value.is_sparse ? "it is sparse, which the format does not know."
        : !CheckpointTypes.TryFromScalarType(value.dtype, out _) ? $"the format has no element type for {value.dtype}, or it is not supported."
        : null;

    private void Append(Tensor tensor, PendingFile file)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        int size = Type.Size();
        long count = tensor.numel();
        if (count * size <= PieceBytes)
        {
            // bytes shows the memory, which lies there without the sign that such a view gives it.
            Tensor plain = tensor.is_neg() ? tensor.resolve_neg() : tensor;
            file.Append(plain.cpu().contiguous().bytes);
            return;
        }

        // A tensor that is not contiguous is cut along its first axis, again and again until the pieces are small.
        Tensor whole = tensor.is_contiguous() ? tensor.view(-1) : tensor;
        long axis = whole.shape[0];
        long row = count / axis * size;
        long step = Math.Max(1, PieceBytes / row);
        for (long at = 0; at < axis; at += step)
        {
            using Tensor part = row > PieceBytes ? whole.select(0, at) : whole.narrow(0, at, Math.Min(step, axis - at));
            Append(part, file);
        }
    }
}
