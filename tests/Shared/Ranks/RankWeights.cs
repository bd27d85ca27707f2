using System.IO.Hashing;

namespace Lanyard.Ranks;

/// <summary>The weights of a version, by a formula that every process has: <c>step-7</c>, for one rank and one tensor.</summary>
internal static class RankWeights
{
    /// <summary>How many tensors there are.</summary>
    public const int Tensors = 8;

    /// <summary>The rows of each.</summary>
    public const int Rows = 128;

    /// <summary>The columns of each.</summary>
    public const int Columns = 256;

    /// <summary>The values of a tensor [rows columns].</summary>
    public static float[] Of(string version, int rank, int tensor)
    {
        var seed = XxHash64.HashToUInt64(System.Text.Encoding.UTF8.GetBytes($"{version} {rank} {tensor}"));
        var values = new float[Rows * Columns];
        for (var i = 0; i < values.Length; i++)
        {
            seed = (seed * 6364136223846793005) + 1442695040888963407;
            values[i] = (seed >> 40) / 16777216f;
        }
        return values;
    }

    /// <summary>The digest of all tensors of a rank.</summary>
    public static string Digest(Func<int, float[]> values)
    {
        var hash = new XxHash128();
        for (var tensor = 0; tensor < Tensors; tensor++) hash.Append(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values(tensor)));
        return $"{hash.GetCurrentHashAsUInt128():x32}";
    }
}
