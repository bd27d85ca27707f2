using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Lanyard.Tests.Models;

/// <summary>Compares parameters bit by bit.</summary>
internal static class Bits
{
    /// <summary>The bytes of a tensor, in order of its elements.</summary>
    public static byte[] Of(Tensor tensor)
    {
        using var contiguous = tensor.contiguous();
        return contiguous.bytes.ToArray();
    }

    /// <summary>Every parameter of a model, by full name.</summary>
    public static Dictionary<string, byte[]> Of(IParameterModule model) => model.AllParameters().ToDictionary(item => item.Name, item => Of(item.Parameter.Value));

    /// <summary>Checks a float32 parameter of any shape against the value of each of its elements.</summary>
    public static void Are(Tensor parameter, Func<long[], float> expected)
    {
        var (shape, values) = (parameter.shape, new float[parameter.numel()]);
        for (var flat = 0L; flat < values.Length; flat++)
        {
            var (index, rest) = (new long[shape.Length], flat);
            for (var axis = shape.Length - 1; axis >= 0; axis--) (index[axis], rest) = (rest % shape[axis], rest / shape[axis]);
            values[flat] = expected(index);
        }
        Assert.True(MemoryMarshal.AsBytes<float>(values).SequenceEqual(Of(parameter)), $"[{string.Join(", ", shape)}] differs");
    }
}
