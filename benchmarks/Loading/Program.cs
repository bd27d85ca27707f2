using Lanyard;
using Lanyard.Checkpoints;
using Lanyard.Loading.Benchmarks;
using Lanyard.Loading.Benchmarks.Models;
using TorchSharp;
using static TorchSharp.torch;

// Not BenchmarkDotNet: the ratio of the medians of separate runs says little on a machine whose memory is shared, so limits, peers and
// Lanyard take turns. The names of the contests to run come as arguments; none means all. Those that need fresh memory, cold, map, curve and memory,
// want a process of their own: memory that another contest has given back to the C library is not fresh. With --quick sizes are a
// sixteenth and rounds few: that tries the program and says nothing of speed.
var quick = args.Contains("--quick");
var rounds = quick ? 3 : 7;
var all = new Dictionary<string, Action>
{
    ["cold"] = () => Cold(Size(1024)),
    ["refit"] = () => Refit(Size(1024)),
    ["map"] = Map,
    ["slices"] = Slices,
    ["widen"] = Widen,
    ["experts"] = Experts,
    ["transpose"] = Transpose,
    ["small"] = Small,
    ["patch"] = Patch,
    ["memory"] = Memory,
    ["gguf"] = Gguf,
    ["encodings"] = Encodings,
    ["curve"] = () =>
    {
        foreach (var size in new[] { 64, 256, 1024, 4096 })
        {
            Cold(size);
            RefitFromFile(size);
        }
    },
};
if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("MALLOC_MMAP_THRESHOLD_") is null)
{
    Console.Error.WriteLine("Set MALLOC_MMAP_THRESHOLD_=1048576: without it the C library hands out memory of an earlier turn, which is not fresh.");
    return 1;
}
Console.WriteLine($"{Environment.ProcessorCount} processors, {(OperatingSystem.IsLinux() ? File.ReadAllText("/sys/kernel/mm/transparent_hugepage/enabled").Trim() : "huge pages are not asked for on this system")}");
var names = args.Where(name => name != "--quick").ToList();
foreach (var name in names.Count > 0 ? names : [.. all.Keys]) all[name]();
return 0;

int Size(int full) => quick ? Math.Max(full / 16, 1) : full;

static IEnumerable<(string, long[])> Dense(int layers) =>
    from layer in Enumerable.Range(0, layers)
    from tensor in new (string, long[])[]
    {
        ("q_proj.weight", [1024, 1024]), ("k_proj.weight", [1024, 1024]), ("v_proj.weight", [1024, 1024]), ("o_proj.weight", [1024, 1024]),
        ("gate_proj.weight", [4096, 1024]), ("up_proj.weight", [4096, 1024]), ("down_proj.weight", [1024, 4096]),
    }
    select ($"layers.{layer}.{tensor.Item1}", tensor.Item2);

static Scene DenseScene(int mebibytes, ScalarType type = ScalarType.BFloat16) =>
    new(() => new Layers<DenseLayer>(Enumerable.Range(0, mebibytes / 32).Select(_ => new DenseLayer(null, type))), Dense(mebibytes / 32));

// Both ways to the bytes of a file.
static IEnumerable<Contender> FromFile(Scene scene, Row? row = null, LoadOptions? options = null) =>
[
    scene.FromFile("Lanyard, in place, from the file, read", RefitMode.InPlace, (options ?? new()) with { Access = CheckpointAccess.Read }) with { Row = row },
    scene.FromFile("Lanyard, in place, from the file, mapped", RefitMode.InPlace, (options ?? new()) with { Access = CheckpointAccess.Map }),
];

static IEnumerable<Contender> OtherWays(Scene scene, bool fresh) =>
[
    scene.Peer("TorchSharp: mapped file, copy_", fresh, Peers.MapThenCopy),
    scene.Peer("TorchSharp.PyBridge: load_safetensors", fresh, (_, model) => Peers.PyBridge(scene.Path, model)),
    scene.Peer("the same by hand: stream reads, copy_", fresh, (checkpoint, model) => Peers.StreamThenCopy(checkpoint, scene.Path, model)),
];

void Cold(int mebibytes)
{
    using var scene = DenseScene(mebibytes);
    Contest.Run(
        "First load from the page cache into a fresh model",
        scene.Bytes,
        rounds,
        [
            Limits.FreshHuge("limit: memory to fresh memory on huge pages", scene.Bytes),
            Limits.FreshSmall("memory to fresh memory on small pages", scene.Bytes),
            scene.Cold("Lanyard, mapped") with { Row = Row.Least("first load", 0.9, "of a copy to fresh memory") },
            scene.Cold("Lanyard, read", new() { Access = CheckpointAccess.Read }),
            .. OtherWays(scene, fresh: true),
        ]);
}

void Gguf()
{
    const int Layers = 16;
    foreach (var (number, type) in new[] { (8u, CheckpointType.Q8_0), (2u, CheckpointType.Q4_0), (7u, CheckpointType.Q5_1), (12u, CheckpointType.Q4_K), (13u, CheckpointType.Q5_K), (14u, CheckpointType.Q6_K), (11u, CheckpointType.Q3_K), (10u, CheckpointType.Q2_K), (23u, CheckpointType.IQ4_XS), (39u, CheckpointType.MXFP4), (40u, CheckpointType.NVFP4), (34u, CheckpointType.TQ1_0) })
    {
        using var scene = Scene.Of(() => new Layers<DenseLayer>(Enumerable.Range(0, Layers).Select(_ => new DenseLayer(null, ScalarType.BFloat16))), [.. Dense(Layers)], number, type);
        Contest.Run(
            $"Refit of a live model from GGUF, {type.Text()}",
            scene.Bytes,
            rounds,
            [
                Limits.Hot("limit: memcpy of the bytes written", scene.Bytes),
                .. FromFile(scene),
                .. BlockPeers.Of(type) is { } decode ? new[] { scene.BlockPeer("TorchSharp: decoded by tensor operations, copy_", decode) } : [],
            ]);
    }
}

void Encodings()
{
    foreach (var make in EncodedScene.All)
    {
        using var scene = make();
        Contest.Run($"Decoding to bfloat16, {scene.Name}", EncodedScene.Size, rounds, [Limits.Hot("limit: memcpy of the bytes written", EncodedScene.Size), .. scene.Contenders()]);
    }
}

void Refit(int mebibytes)
{
    using var scene = DenseScene(mebibytes);
    Contest.Run(
        "Refit of a live model",
        scene.Bytes,
        rounds,
        [
            Limits.Hot("limit: memcpy", scene.Bytes),
            .. FromFile(scene, Row.Least("refit in place, from the file", 0.9, "of memcpy")),
            scene.FromMemory("Lanyard, in place, from tensors", RefitMode.InPlace) with { Row = Row.Least("refit in place, from tensors", 0.9, "of memcpy") },
            scene.FromFile("Lanyard, staged, from the file, read", RefitMode.Staged, new() { Access = CheckpointAccess.Read }) with { Row = Row.Least("staged refit, from the file", null, "of memcpy") },
            scene.FromFile("Lanyard, staged, from the file, mapped", RefitMode.Staged, new() { Access = CheckpointAccess.Map }),
            scene.FromFile("Lanyard, staged, from the file, shadows kept", RefitMode.Staged, new() { KeepShadows = true }) with { Row = Row.Least("staged refit with kept shadows, from the file", 0.45, "of memcpy") },
            scene.FromMemory("Lanyard, staged, from tensors", RefitMode.Staged) with { Row = Row.Least("staged refit, from tensors", null, "of memcpy") },
            scene.FromMemory("Lanyard, staged, from tensors, shadows kept", RefitMode.Staged, options: new() { KeepShadows = true }) with { Row = Row.Least("staged refit with kept shadows, from tensors", 0.45, "of memcpy") },
            .. OtherWays(scene, fresh: false),
        ]);
}

void RefitFromFile(int mebibytes)
{
    using var scene = DenseScene(mebibytes);
    Contest.Run("Refit of a live model", scene.Bytes, rounds, [Limits.Hot("limit: memcpy", scene.Bytes), .. FromFile(scene)]);
}

void Map()
{
    using var scene = new Scene(
        () => new Layers<ColumnLayer>(Enumerable.Range(0, Size(32)).Select(_ => new ColumnLayer(null, ScalarType.BFloat16))),
        Enumerable.Range(0, Size(32)).Select(layer => ($"layers.{layer}.down_proj.weight", new long[] { 4096, 4096 })));
    var mapped = new LoadOptions { Mode = LoadMode.Map };
    Contest.Run(
        "Copied or mapped; ready, read once, refitted for the first and for the second time",
        scene.Bytes,
        rounds,
        Limits.FreshHuge("limit: memory to fresh memory on huge pages", scene.Bytes),
        Limits.Hot("memcpy", scene.Bytes),
        scene.Cold("copied: ready"),
        scene.Cold("mapped: ready", mapped),
        scene.AfterCold("copied: every element read", null, Scene.Read),
        scene.AfterCold("mapped: every element read", mapped, Scene.Read),
        scene.AfterCold("copied: refit in place", null, scene.Refit),
        scene.AfterCold("mapped: first refit in place", mapped, scene.Refit) with { Row = Row.Least("first refit in place after LoadMode.Map", 0.9, "of a copy to fresh memory") },
        scene.AfterCold("mapped: second refit in place", mapped, scene.Refit, scene.Refit));
}

void Slices()
{
    using var scene = new Scene(
        () => new Layers<ColumnLayer>(Enumerable.Range(0, Size(32)).Select(_ => new ColumnLayer(new Topology(1, 2), ScalarType.BFloat16))),
        Enumerable.Range(0, Size(32)).Select(layer => ($"layers.{layer}.down_proj.weight", new long[] { 4096, 4096 })));
    Contest.Run("Refit of a rank of two that holds columns: 4 KiB of every 8", scene.Bytes / 2, rounds, [Limits.Hot("limit: memcpy", scene.Bytes / 2), .. FromFile(scene, Row.Least("columns of a rank of two, from the file", 0.6, "of memcpy")), scene.FromMemory("Lanyard, in place, from tensors", RefitMode.InPlace)]);
}

void Widen()
{
    using var scene = DenseScene(Size(512), ScalarType.Float32);
    Contest.Run("Refit of a float32 model from bfloat16", scene.Bytes * 2, rounds, [Limits.Hot("limit: memcpy of the bytes written", scene.Bytes * 2), .. FromFile(scene)]);
}

Scene ExpertScene(IEnumerable<(string, long[])> layer) => new(
    () => new Layers<ExpertLayer>(Enumerable.Range(0, Size(11)).Select(_ => new ExpertLayer(null, ScalarType.BFloat16))),
    from i in Enumerable.Range(0, Size(11))
    from tensor in layer
    select ($"layers.{i}.{tensor.Item1}", tensor.Item2));

void Experts()
{
    using var scene = ExpertScene(
        from expert in Enumerable.Range(0, 16)
        from projection in new[] { "gate", "up", "down" }
        select ($"{expert}.{projection}_proj.weight", new long[] { 1024, 1024 }));
    Contest.Run("One tensor for each expert, merged", scene.Bytes, rounds, [Limits.Hot("limit: memcpy", scene.Bytes), .. FromFile(scene, Row.Least("one tensor for each expert, merged", 0.8, "of memcpy")), scene.Cold("Lanyard, first load (fresh memory)"), Limits.FreshHuge("memory to fresh memory on huge pages", scene.Bytes), scene.Peer("TorchSharp: stack and cat of the mapped tensors", fresh: false, Merge)]);
}

void Merge(Checkpoint checkpoint, NamedModel model)
{
    using var scope = NewDisposeScope();
    Tensor View(int layer, int expert, string projection) => checkpoint.View(checkpoint.Tensors[$"layers.{layer}.{expert}.{projection}_proj.weight"]);
    for (var layer = 0; layer < Size(11); layer++)
    {
        using var inner = NewDisposeScope();
        torch.stack(Enumerable.Range(0, 16).Select(expert => torch.cat([View(layer, expert, "gate"), View(layer, expert, "up")])));
        torch.stack(Enumerable.Range(0, 16).Select(expert => View(layer, expert, "down")));
    }
}

void Transpose()
{
    using var scene = ExpertScene([("gate_up_proj", [16, 1024, 2048]), ("down_proj", [16, 1024, 1024])]);
    var options = new LoadOptions { Format = "fused" };
    Contest.Run("Fused experts, transposed", scene.Bytes, rounds, [Limits.Hot("limit: memcpy", scene.Bytes), .. FromFile(scene, Row.Least("fused experts, transposed", 0.6, "of memcpy"), options), scene.Peer("TorchSharp: copy_ of transposed views", fresh: false, (checkpoint, model) =>
    {
        using var noGrad = no_grad();
        foreach (var stored in checkpoint.Tensors.Values)
        {
            using Tensor view = checkpoint.View(stored), moved = view.transpose(1, 2), target = model.Tensors[stored.Name].view(moved.shape);
            target.copy_(moved);
        }
    })]);
}

void Small()
{
    foreach (var rows in new[] { 26, 16, 1 })
    {
        var count = 8 * Size(2500);
        using var scene = new Scene(
            () => new Layers<SmallLayer>(Enumerable.Range(0, Size(2500)).Select(_ => new SmallLayer(rows, ScalarType.BFloat16))),
            from layer in Enumerable.Range(0, Size(2500))
            from name in "abcdefgh"
            select ($"layers.{layer}.{name}", new long[] { rows, 1024 }));
        Contest.Run(
            $"{count:N0} tensors of {rows * 2} KiB",
            scene.Bytes,
            rounds,
            [
                Limits.Hot("limit: memcpy", scene.Bytes),
                .. FromFile(scene, rows == 26 ? Row.Least("20,000 tensors of 52 KiB, from the file", 0.75, "of memcpy") : null),
                scene.FromMemory("Lanyard, in place, from tensors one by one", RefitMode.InPlace),
                scene.FromMemory("Lanyard, in place, from tensors in one call", RefitMode.InPlace, (refit, tensors) => refit.Write(tensors)) with
                {
                    Row = rows == 1 ? Row.Most("20,000 tensors of 2 KiB, in one call", 1, "µs each") : null,
                    Figure = (time, _) => time * 1e6 / count,
                },
                scene.Peer("TorchSharp: mapped file, copy_", fresh: false, Peers.MapThenCopy),
            ]);
    }
}

void Patch()
{
    using var scene = DenseScene(Size(1024));
    Contest.Run(
        "Patches against a whole refit",
        scene.Bytes,
        3,
        [
            scene.FromMemory("limit: a whole refit from tensors, in place", RefitMode.InPlace),
            .. from ordered in new[] { true, false }
               from part in new[] { (Text: "0.1 %", Of: 0.001, Aim: 0.05), (Text: "1 %", Of: 0.01, Aim: 0.4), (Text: "10 %", Of: 0.1, Aim: 2.0) }
               let name = $"{part.Text}, {(ordered ? "ascending" : "in any order")}"
               select scene.Patch(name, RefitMode.InPlace, part.Of, ordered) with
               {
                   Row = Row.Most($"patch of {name}", ordered ? part.Aim : 2 * part.Aim, "of a whole refit"),
                   Figure = (_, ratio) => 1 / ratio,
               },
        ]);
}

void Memory()
{
    if (!OperatingSystem.IsLinux()) return;
    const int Refits = 3;
    using var scene = DenseScene(Size(1024));
    var before = Resident.Now(scene.Path).Own;
    var model = scene.Loaded();
    Console.WriteLine();
    Console.WriteLine($"Memory above {scene.Bytes >> 20} MiB of weights and the process before");
    Show("after a load");
    foreach (var (mode, when) in new[] { (RefitMode.InPlace, "after refits in place"), (RefitMode.Staged, "after staged refits") })
    {
        for (var i = 0; i < Refits; i++) scene.Refit(model, mode);
        Show(when);
    }
    ((nn.Module)model).Dispose();

    void Show(string when)
    {
        var now = Resident.Now(scene.Path);
        var above = now.Own - before - (scene.Bytes / 1e6);
        Console.WriteLine($"  {when,-24} {above,8:F1} MB, {now.Mapped,8:F1} MB of the file mapped");
        (Row.Most($"memory above the weights, {when}", null, "MB") with { Grain = 10 }).Measured(above);
        Row.Most($"pages of the file still mapped, {when}", null, "MB").Measured(now.Mapped);
    }
}
