using System.Text;
using System.Text.Json.Nodes;
using Lanyard.Checkpoints;
using Lanyard.Tests.Fuzz;
using Lanyard.Tests.Models;
using TorchSharp;

namespace Lanyard.Tests.Faults;

/// <summary>A checkpoint that is right, to be changed.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Files">Its files, the index first.</param>
/// <param name="OfRank">Whether it is a rank's part, so that what it says of its slices is changed instead of its headers.</param>
internal sealed record FuzzBase(string Name, IReadOnlyList<FuzzFile> Files, bool OfRank = false)
{
    private const string Slices = "lanyard.slices";

    /// <summary>The sizes of the models: small, since every byte is read every time.</summary>
    public static TinySizes Sizes { get; } = new(Layers: 1, Heads: 2, KvHeads: 2, HeadDim: 2, Hidden: 3, Experts: 2, Intermediate: 4);

    /// <summary>All of them.</summary>
    /// <param name="folder">Where there is room to make them.</param>
    public static IReadOnlyList<FuzzBase> All(string folder)
    {
        using var scope = torch.NewDisposeScope();
        var weights = TinyWeights.Fused(Sizes, seed: 1);
        FuzzBase Written(string name, Dictionary<string, torch.Tensor> tensors, long maxFileBytes)
        {
            CheckpointWriter.WriteDirectory(Path.Combine(folder, name), tensors.Select(tensor => (tensor.Key, tensor.Value)), maxFileBytes: maxFileBytes);
            return Read(folder, name);
        }
        var (whole, files, experts) = (Written("one file", weights, long.MaxValue), Written("files", weights, 150), Written("experts", TinyWeights.PerExpert(weights), 300));

        using (var checkpoint = Checkpoint.Open(Path.Combine(folder, whole.Name)))
        {
            for (var rank = 0; rank < 2; rank++)
            {
                using var model = new TinyModel(Sizes, new Topology(rank, 2));
                LoadPlan.Create(model, checkpoint).Execute();
                model.Export(Path.Combine(folder, $"rank {rank}"));
            }
        }
        return [Odd("types", Types, 31), Odd("metadata", Metadata, 8), Odd("order", Order, 12), whole, files, experts, Read(folder, "rank 0") with { OfRank = true }];
    }

    /// <summary>The files after changes.</summary>
    public IEnumerable<(string Name, byte[] Bytes)> Changed(FuzzCase changes) => Files.Select((file, at) =>
    {
        bool Mine(uint where) => where % Files.Count == at;
        if (file.Data is not null) file = file with { Json = changes.Types.Where(change => Mine(change.File)).Aggregate(file.Json, (header, change) => change.Change.Apply(header)) };
        var json = changes.Json.Where(change => Mine(change.File)).Select(change => change.Mutation).ToList();
        var bytes = OfRank && json.Count > 0 ? (file with { Json = InSlices(file.Json, json) }).Changed([]) : file.Changed(json);
        return (file.Name, changes.Bytes.Where(change => Mine(change.File)).Aggregate(bytes, (changed, change) => change.Mutation.Apply(changed)));
    });

    private const string Types =
        """{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"BF16","shape":[3],"data_offsets":[24,30]},"s":{"dtype":"U8","shape":[],"data_offsets":[30,31]}}""";

    private const string Metadata =
        """{"__metadata__":{"format":"pt","é":"\u00fc"},"a.b":{"dtype":"I64","shape":[0,7],"data_offsets":[0,0]},"c":{"x":[1,{"y":"z"}],"data_offsets":[0,8],"shape":[1,1,8],"dtype":"F8_E4M3"}}""";

    private const string Order = """{"one":{"dtype":"BOOL","shape":[4],"data_offsets":[8,12]},"two":{"dtype":"U64","shape":[1],"data_offsets":[0,8]}}""";

    private static FuzzBase Odd(string name, string header, int bytes) =>
        new(name, [new FuzzFile("model.safetensors", header, [.. Enumerable.Range(1, bytes).Select(i => (byte)i)])]);

    private static FuzzBase Read(string folder, string name) =>
        new(name, [.. Directory.GetFiles(Path.Combine(folder, name)).OrderDescending(StringComparer.Ordinal).Select(FuzzFile.Read)]);

    private static string InSlices(string header, IEnumerable<JsonMutation> mutations)
    {
        var json = JsonNode.Parse(header)!;
        var metadata = json["__metadata__"]!;
        metadata[Slices] = Encoding.UTF8.GetString(new MutatedJson(metadata[Slices]!.GetValue<string>(), mutations).Bytes());
        return json.ToJsonString();
    }
}
