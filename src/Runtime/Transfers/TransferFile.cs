using System.Collections.Immutable;
using System.Globalization;
using System.IO.Hashing;
using System.Text.Json;
using Lanyard.Checkpoints;

namespace Lanyard.Transfers;

/// <summary>A plan as JSON, as docs/transfer.md describes it.</summary>
internal static class TransferFile
{
    private const string Format = "lanyard-transfer-plan";
    private const int Version = 1;

    /// <summary>What tells plans apart: a digest of all that a file has of one.</summary>
    public static ulong DigestOf(TransferPlan plan)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) WritePlan(json, plan);
        return XxHash64.HashToUInt64(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    public static void Write(Stream stream, TransferPlan plan)
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteString("digest", plan.Digest.ToString("x16", CultureInfo.InvariantCulture));
        json.WritePropertyName("plan");
        WritePlan(json, plan);
        json.WriteEndObject();
    }

    /// <exception cref="InvalidDataException">It is no plan, one of another version, or not as it was written.</exception>
    public static TransferPlan Read(Stream stream)
    {
        try
        {
            using var document = JsonDocument.Parse(stream);
            var root = document.RootElement;
            if (root.GetProperty("format").GetString() != Format || root.GetProperty("version").GetInt32() != Version) throw new InvalidDataException($"This is no transfer plan of version {Version}.");
            var body = root.GetProperty("plan");
            ImmutableArray<TransferGroup> groups = [.. body.GetProperty("groups").EnumerateArray().Select(Group)];
            foreach (var group in groups) Check(group);
            var plan = new TransferPlan([.. body.GetProperty("sources").EnumerateArray().Select(Rank)], [.. body.GetProperty("targets").EnumerateArray().Select(Rank)], groups);
            if (plan.Digest.ToString("x16", CultureInfo.InvariantCulture) != root.GetProperty("digest").GetString()) throw new InvalidDataException("The transfer plan was changed after it was written: its digest is another one.");
            return plan;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException or IndexOutOfRangeException or NotSupportedException)
        {
            throw new InvalidDataException($"The transfer plan cannot be read: {e.Message}", e);
        }
    }

    private static void WritePlan(Utf8JsonWriter json, TransferPlan plan)
    {
        json.WriteStartObject();
        WriteRanks(json, "sources", plan.Sources);
        WriteRanks(json, "targets", plan.Targets);
        json.WriteStartArray("groups");
        foreach (var group in plan.Groups)
        {
            json.WriteStartObject();
            json.WriteStartArray("members");
            foreach (var member in group.Members)
            {
                json.WriteStartArray();
                json.WriteNumberValue(member.Position);
                json.WriteStringValue(member.Target);
                foreach (var source in member.Sources) json.WriteStringValue(source);
                json.WriteEndArray();
            }
            json.WriteEndArray();
            json.WriteString("format", group.Format);
            json.WritePropertyName("target");
            WriteStorage(json, group.Target);
            json.WriteStartArray("sources");
            foreach (var source in group.Sources) WriteStorage(json, source);
            json.WriteEndArray();
            json.WriteStartArray("runs");
            foreach (var run in group.Runs)
            {
                json.WriteStartArray();
                json.WriteNumberValue(run.Source);
                json.WriteNumberValue(run.Target);
                json.WriteNumberValue(run.Parameter);
                WriteNumbers(json, run.Sizes);
                json.WriteNumberValue(run.SourceOffset);
                WriteNumbers(json, run.SourceStrides);
                json.WriteNumberValue(run.TargetOffset);
                WriteNumbers(json, run.TargetStrides);
                json.WriteEndArray();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRanks(Utf8JsonWriter json, string name, ImmutableArray<TransferRank> ranks)
    {
        json.WriteStartArray(name);
        foreach (var (process, topology) in ranks)
        {
            json.WriteStartObject();
            json.WriteNumber("process", process);
            WriteNumbers(json, "tensor", [topology.TensorRank, topology.TensorSize]);
            WriteNumbers(json, "expert", [topology.ExpertRank, topology.ExpertSize]);
            WriteNumbers(json, "pipeline", [topology.PipelineRank, topology.PipelineSize]);
            if (!topology.LayersOfStages.IsEmpty) WriteNumbers(json, "layers", [.. topology.LayersOfStages.Select(count => (long)count)]);
            if (topology.ExpertPlacement.Equals(ExpertPlacement.RoundRobin)) json.WriteString("placement", $"{ExpertPlacement.RoundRobin}");
            if (!topology.ExpertPlacement.Lists.IsEmpty)
            {
                json.WriteStartArray("placement");
                foreach (var list in topology.ExpertPlacement.Lists) WriteNumbers(json, list);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteStorage(Utf8JsonWriter json, TransferStorage storage)
    {
        json.WriteStartObject();
        json.WriteString("layout", storage.Layout);
        json.WriteString("type", CheckpointTypes.FromScalarType(storage.Type).Text());
        json.WriteStartArray("shares");
        foreach (var alike in storage.Shares.GroupBy(share => (share.Value.Held, Shape: string.Join(',', share.Value.Shape))))
        {
            json.WriteStartObject();
            WriteNumbers(json, "processes", [.. alike.Select(share => (long)share.Key)]);
            WriteNumbers(json, "shape", alike.First().Value.Shape);
            json.WriteString("held", alike.Key.Held);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, ImmutableArray<long> numbers)
    {
        json.WritePropertyName(name);
        WriteNumbers(json, numbers);
    }

    private static void WriteNumbers(Utf8JsonWriter json, ImmutableArray<long> numbers)
    {
        json.WriteStartArray();
        foreach (var number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static TransferRank Rank(JsonElement json)
    {
        var (tensor, expert, pipeline) = (Pair(json, "tensor"), Pair(json, "expert"), Pair(json, "pipeline"));
        var placement = !json.TryGetProperty("placement", out var given) ? ExpertPlacement.Linear
            : given.ValueKind == JsonValueKind.Array ? ExpertPlacement.Listed([.. given.EnumerateArray().Select(Numbers)])
            : given.GetString() == $"{ExpertPlacement.RoundRobin}" ? ExpertPlacement.RoundRobin
            : throw new InvalidDataException($"There is no placement {given}.");
        return new TransferRank(json.GetProperty("process").GetInt32(), new Topology(tensor.Rank, tensor.Size, expert.Rank, expert.Size, pipeline.Rank, pipeline.Size)
        {
            ExpertPlacement = placement,
            LayersOfStages = json.TryGetProperty("layers", out var layers) ? [.. layers.EnumerateArray().Select(count => count.GetInt32())] : [],
        });
    }

    private static (int Rank, int Size) Pair(JsonElement json, string name) => (json.GetProperty(name)[0].GetInt32(), json.GetProperty(name)[1].GetInt32());

    private static TransferGroup Group(JsonElement json) => new(
        [.. json.GetProperty("members").EnumerateArray().Select(member => new TransferMember(member[0].GetInt32(), member[1].GetString()!, [.. member.EnumerateArray().Skip(2).Select(source => source.GetString()!)]))],
        json.GetProperty("format").GetString()!,
        Storage(json.GetProperty("target")),
        [.. json.GetProperty("sources").EnumerateArray().Select(Storage)],
        [.. json.GetProperty("runs").EnumerateArray().Select(run => new TransferRun(run[0].GetInt32(), run[1].GetInt32(), run[2].GetInt32(), Numbers(run[3]), run[4].GetInt64(), Numbers(run[5]), run[6].GetInt64(), Numbers(run[7])))]);

    private static TransferStorage Storage(JsonElement json)
    {
        if (!CheckpointTypes.TryParse(json.GetProperty("type").GetString()!, out var type)) throw new InvalidDataException($"There is no element type {json.GetProperty("type")}.");
        var shares = ImmutableSortedDictionary.CreateBuilder<int, TransferShare>();
        foreach (var share in json.GetProperty("shares").EnumerateArray())
        {
            var held = new TransferShare(Numbers(share.GetProperty("shape")), share.GetProperty("held").GetString()!);
            foreach (var process in share.GetProperty("processes").EnumerateArray()) shares.Add(process.GetInt32(), held);
        }
        return new TransferStorage(json.GetProperty("layout").GetString()!, type.ToScalarType(), shares.ToImmutable());
    }

    private static ImmutableArray<long> Numbers(JsonElement json) => [.. json.EnumerateArray().Select(number => number.GetInt64())];

    /// <summary>Every offset of a file is checked before anything is copied by it.</summary>
    private static void Check(TransferGroup group)
    {
        foreach (var run in group.Runs)
        {
            if (run.Parameter < 0 || run.Parameter >= group.Sources.Length || group.Members.Any(member => member.Sources.Length != group.Sources.Length)) throw new InvalidDataException($"{group.Members[0].Target} has no source {run.Parameter}.");
            Check(run, run.Sizes, run.SourceOffset, run.SourceStrides, group.Sources[run.Parameter], run.Source);
            Check(run, run.Sizes, run.TargetOffset, run.TargetStrides, group.Target, run.Target);
        }
    }

    private static void Check(TransferRun run, ImmutableArray<long> sizes, long offset, ImmutableArray<long> strides, TransferStorage storage, int process)
    {
        if (!storage.Shares.TryGetValue(process, out var share)) throw new InvalidDataException($"Process {process} has nothing of [{storage.Layout}].");
        var fits = offset >= 0 && strides.Length == sizes.Length && !sizes.Any(size => size <= 0) && !strides.Any(stride => stride <= 0);
        var (last, elements) = ((Int128)offset, share.Shape.Aggregate((Int128)1, (count, size) => count * size));

        // Loop by loop: many large ones together are more than 128 bits hold.
        for (var i = 0; fits && i < sizes.Length; i++) fits = (last += (Int128)(sizes[i] - 1) * strides[i]) < elements;
        if (!fits || last >= elements) throw new InvalidDataException($"{run} does not lie within {Memory.Shapes.Text(share.Shape)}.");
    }
}
