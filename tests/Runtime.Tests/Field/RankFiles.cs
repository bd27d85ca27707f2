using Lanyard.Checkpoints;
using Lanyard.Tests.Checkpoints;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>The files of a distributed checkpoint, of which every rank wrote one with its piece of each tensor.</summary>
internal static class RankFiles
{
    /// <summary>Writes the file of a rank, which counts from 0.</summary>
    public static string Write(TemporaryFolder folder, int rank, params IEnumerable<(string Name, Tensor Piece, long[] Start)> pieces)
    {
        var list = pieces.ToList();
        var info = string.Join(", ", list.Select(piece => $"\"{piece.Name}\": {{\"saved_offsets\": [{string.Join(", ", piece.Start)}]}}"));
        var path = folder.At($"shard-{rank + 1:D5}-model-00001-of-00001.safetensors");
        CheckpointWriter.Write(path, list.Select(piece => (piece.Name, piece.Piece)), new Dictionary<string, string> { ["DCP_SHARDING_INFO"] = $"{{{info}}}", ["DCP_VERSION"] = "1.0", ["format"] = "pt" });
        return path;
    }
}
