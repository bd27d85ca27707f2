using System.Text;
using static TorchSharp.torch;

namespace Lanyard.Distributed.Groups;

/// <summary>What a rank gives to an operation, told to all before anything is exchanged.</summary>
/// <param name="Operation">The operation with its settings.</param>
/// <param name="Type">The type of the elements.</param>
/// <param name="Shape">The shape.</param>
/// <param name="Counts">How many rows are for each rank; empty where all have all.</param>
/// <param name="Fault">Why it gives nothing, if so.</param>
internal sealed record Given(string Operation, ScalarType Type, long[] Shape, long[] Counts, string? Fault = null)
{
    private const int MaxText = 512;
    private const int MaxDimensions = 64;
    private const int Numbers = 5 * sizeof(int);

    /// <summary>How many bytes say it, whatever it is, in a group of so many ranks.</summary>
    public static int Bytes(int ranks) => (2 * MaxText) + ((MaxDimensions + ranks) * sizeof(long)) + Numbers;

    /// <summary>Writes it into as many bytes.</summary>
    public byte[] Write(int ranks)
    {
        var bytes = new byte[Bytes(ranks)];
        using var writer = new BinaryWriter(new MemoryStream(bytes));
        Write(writer, Operation);
        Write(writer, Fault ?? "");
        writer.Write((int)Type);
        Write(writer, Shape);
        Write(writer, Counts);
        return bytes;
    }

    /// <summary>Reads what <see cref="Write(int)"/> has written.</summary>
    public static Given Read(ReadOnlySpan<byte> bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes.ToArray()));
        var (operation, fault) = (ReadText(reader), ReadText(reader));
        return new Given(operation, (ScalarType)reader.ReadInt32(), ReadNumbers(reader), ReadNumbers(reader), fault.Length == 0 ? null : fault);
    }

    public override string ToString() => Fault ?? $"{Operation} of {Type} [{string.Join(", ", Shape)}]";

    private static void Write(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = Math.Min(bytes.Length, MaxText - sizeof(int));
        writer.Write(length);
        writer.Write(bytes, 0, length);
    }

    private static void Write(BinaryWriter writer, long[] numbers)
    {
        writer.Write(numbers.Length);
        foreach (var number in numbers) writer.Write(number);
    }

    private static string ReadText(BinaryReader reader) => Encoding.UTF8.GetString(reader.ReadBytes(reader.ReadInt32()));

    private static long[] ReadNumbers(BinaryReader reader) => [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadInt64())];
}
