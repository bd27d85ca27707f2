using Lanyard.Checkpoints;
using TorchSharp;

namespace Lanyard.Tests.Checkpoints;

public class CheckpointFuzzTests
{
    private static readonly string[] Headers =
    [
        """{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"BF16","shape":[3],"data_offsets":[24,30]},"s":{"dtype":"U8","shape":[],"data_offsets":[30,31]}}  """,
        """{"__metadata__":{"format":"pt","é":"\u00fc"},"a.b":{"dtype":"I64","shape":[0,7],"data_offsets":[0,0]},"c":{"x":[1,{"y":"z"}],"data_offsets":[0,8],"shape":[1,1,8],"dtype":"F8_E4M3"}}""",
        """{"one":{"dtype":"BOOL","shape":[4],"data_offsets":[8,12]},"two":{"dtype":"U64","shape":[1],"data_offsets":[0,8]}}""",
    ];

    /// <summary>Whatever is done to a file, it is refused with the one exception, or every tensor can be read to its end.</summary>
    [Fact]
    public void A_mutated_file_is_refused_or_readable()
    {
        using TemporaryFolder folder = new();
        Random random = new(3);
        int opened = 0;
        int refused = 0;
        for (int i = 0; i < 2000; i++)
        {
            string header = Headers[i % Headers.Length];
            int data = i % Headers.Length == 0 ? 31 : i % Headers.Length == 1 ? 8 : 12;
            string path = folder.Write("x.safetensors", Mutate(TemporaryFolder.Pack(header, new byte[data]), random));
            try
            {
                using Checkpoint checkpoint = Checkpoint.Open(path);
                ReadAll(checkpoint);
                opened++;
            }
            catch (CheckpointException e)
            {
                Assert.Contains(path, e.Message);
                refused++;
            }
        }

        Assert.True(opened > 100 && refused > 1000, $"{opened} opened, {refused} refused");
    }

    private static void ReadAll(Checkpoint checkpoint)
    {
        foreach (CheckpointTensor tensor in checkpoint.Tensors.Values)
        {
            byte[] bytes = new byte[tensor.Length];
            checkpoint.Read(tensor, 0, bytes);
            using torch.Tensor view = checkpoint.View(tensor);
            Assert.Equal(tensor.Shape, view.shape);
            Assert.True(tensor.Length == 0 || view.bytes.SequenceEqual(bytes));
        }
    }

    private static byte[] Mutate(byte[] file, Random random)
    {
        List<byte> bytes = [.. file];
        for (int i = random.Next(1, 4); i > 0 && bytes.Count > 0; i--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                    break;
                case 3:
                    bytes[random.Next(Math.Min(8, bytes.Count))] ^= (byte)(1 << random.Next(8));
                    break;
                case 4:
                    bytes[^1] = (byte)random.Next(256);
                    break;
                default:
                    ReplaceDigit(bytes, at, random);
                    break;
            }
        }

        return [.. bytes];
    }

    // Most of what matters in a header is its numbers.
    private static void ReplaceDigit(List<byte> bytes, int from, Random random)
    {
        int at = bytes.FindIndex(from, b => b is >= (byte)'0' and <= (byte)'9');
        if (at >= 0)
        {
            bytes[at] = (byte)random.Next('0', '9' + 1);
        }
    }
}
