using Lanyard.Checkpoints;
using Lanyard.Tests.Checksums;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>Everything that decides together, at once and at random.</summary>
public sealed class TogetherTests : IDisposable
{
    private readonly PlacesScene _scene = new();

    public void Dispose() => _scene.Dispose();

    private sealed class Layer
    {
        public string Form = "", Bias = "", Scale = "";
        public bool PlainPacked, Zero, Second, BothNames, OtherName, Indexer;
        public float[] Qkv = [], B = [], S = [1, 1], A = [], Keys = [], Packed = [];
        public Dictionary<string, Tensor> Tensors = [];
    }

    private static Tensor F8(Tensor x) => x.to_type(CheckpointType.F8_E4M3.ToScalarType());

    private static Layer Random(Random r, bool indexer, int uniform = 0)
    {
        var layer = new Layer { PlainPacked = r.Next(3) == 0, Form = new[] { "", "fp8", "mixed", "turned" }[r.Next(4)], Bias = new[] { "absent", "parts", "fused" }[r.Next(3)], Scale = new[] { "absent", "one", "two" }[r.Next(3)], Zero = r.Next(2) == 0, Second = r.Next(2) == 0, BothNames = r.Next(3) == 0, OtherName = r.Next(2) == 0, Indexer = indexer && r.Next(2) == 0 };
        if (uniform == 1) (layer.Form, layer.Bias, layer.Scale) = (new[] { "", "fp8", "mixed" }[r.Next(3)], new[] { "absent", "parts" }[r.Next(2)], new[] { "absent", "one" }[r.Next(2)]);
        if (uniform == 2) (layer.Form, layer.Bias, layer.Scale) = ("turned", new[] { "absent", "fused" }[r.Next(2)], new[] { "absent", "two" }[r.Next(2)]);
        float[] Of(int n) => [.. Enumerable.Range(0, n).Select(_ => (float)r.Next(1, 8))];
        var t = layer.Tensors;
        var stored = Of(48);
        layer.Qkv = [.. stored];
        Tensor Rows(int part) => torch.tensor(stored[(part * 16)..((part + 1) * 16)]).reshape(4, 4);
        if (layer.Form == "turned")
        {
            t["q_proj.weight"] = Rows(0).t().contiguous();
            t["kv_t.weight"] = torch.tensor(stored[16..]).reshape(8, 4).t().contiguous();
        }
        else
        {
            foreach (var (name, part) in new[] { ("q", 0), ("k", 1), ("v", 2) })
            {
                var isCodes = part < 2 && (layer.Form == "fp8" || (layer.Form == "mixed" && part == 0));
                t[$"{name}_proj.weight"] = isCodes ? F8(Rows(part)) : Rows(part);
                if (!isCodes) continue;
                var scales = Of(4);
                t[$"{name}_proj.weight_scale_inv"] = torch.tensor(scales).reshape(2, 2);
                for (var i = 0; i < 16; i++) layer.Qkv[(part * 16) + i] *= scales[((i / 8) * 2) + ((i % 4) / 2)];
            }
        }
        layer.B = layer.Bias == "absent" ? [.. Enumerable.Repeat(3f, 12)] : Of(12);
        if (layer.Bias != "fused") for (var i = 4; i < 8; i++) layer.B[i] = 5;
        if (layer.Bias == "parts")
        {
            t["q_proj.bias"] = torch.tensor(layer.B[..4]);
            t["v_proj.bias"] = torch.tensor(layer.B[8..]);
        }
        if (layer.Bias == "fused") t["qkv.bias"] = torch.tensor(layer.B);
        if (layer.Scale == "one")
        {
            var s = r.Next(1, 8);
            layer.S = [s, s];
            t["gate_up.input_scale"] = torch.tensor((float)s);
        }
        if (layer.Scale == "two")
        {
            layer.S = Of(2);
            t["gate.input_scale"] = torch.tensor(layer.S[0]);
            t["up.input_scale"] = torch.tensor(layer.S[1]);
        }
        layer.A = Of(2);
        t["A_log"] = torch.tensor([layer.A[0], layer.A[1], 0, 0]);
        layer.Keys = Of(16);
        var keys = torch.tensor(layer.Keys).reshape(4, 4);
        if (layer.BothNames || !layer.OtherName) t["keys.weight"] = keys;
        if (layer.BothNames || layer.OtherName) t["values.weight"] = keys.clone();
        layer.Packed = new float[24];
        for (var e = 0; e < 2; e++)
        {
            var codes = Of(12);
            if (layer.PlainPacked)
            {
                t[$"{e}.weight"] = torch.tensor(codes).reshape(4, 3);
                codes.CopyTo(layer.Packed, e * 12);
                continue;
            }
            float scale = r.Next(1, 8), zero = layer.Zero ? r.Next(1, 4) : 0, second = layer.Second ? r.Next(1, 4) : 1;
            t[$"{e}.weight"] = torch.tensor(codes).to_type(ScalarType.Int8).reshape(4, 3);
            t[$"{e}.weight_scale"] = full([4, 1], scale);
            if (layer.Zero) t[$"{e}.weight_zero_point"] = full([4, 1], zero).to_type(ScalarType.Int8);
            if (layer.Second) t[$"{e}.weight_scale_2"] = torch.tensor(second);
            for (var i = 0; i < 12; i++) layer.Packed[(e * 12) + i] = (codes[i] - zero) * (scale * second);
        }
        if (layer.Indexer) t["indexer.weight"] = ones(3);
        return layer;
    }

    private static string Prefix(int way, int layer) => way switch
    {
        0 => $"model.language_model.layers.{layer + 1}.",
        1 => $"language_model.model.layers.{layer + 1}.",
        2 => $"layers.{layer + 1}.",
        _ => $"policy.layers.{layer + 1}.",
    };

    private static Dictionary<string, Tensor> Named(Layer[] layers, int way)
    {
        Dictionary<string, Tensor> all = [];
        for (var i = 0; i < layers.Length; i++)
        {
            foreach (var (name, tensor) in layers[i].Tensors) all[Prefix(way, i) + name] = tensor;
        }
        return all;
    }

    private static void Check(TogetherModel model, Layer[] layers, string what, int rank = 0, int ranks = 1)
    {
        for (var i = 0; i < layers.Length; i++)
        {
            var (layer, right) = (model.Layers[i], layers[i]);
            int[] rows = ranks == 1 ? [.. Enumerable.Range(0, 12)] : [.. Enumerable.Range(0, 3).SelectMany(part => new[] { (part * 4) + (rank * 2), (part * 4) + (rank * 2) + 1 })];
            int[] heads = ranks == 1 ? [0, 1] : [rank];
            void Same(string name, IEnumerable<float> expected, Tensor value)
            {
                var (e, v) = (expected.ToArray(), PlacesScene.Values(value));
                Assert.True(e.SequenceEqual(v), $"{what}: layer {i} {name} is {string.Join(' ', v)}, not {string.Join(' ', e)}; form {right.Form} bias {right.Bias} scale {right.Scale} zero {right.Zero} second {right.Second}");
            }
            Same("qkv", rows.SelectMany(row => right.Qkv[(row * 4)..((row * 4) + 4)]), layer.Qkv);
            Same("bias", rows.Select(row => right.B[row]), layer.Bias);
            Same("product", rows.SelectMany(row => right.Qkv[(row * 4)..((row * 4) + 4)].Select(x => x * right.B[row])), layer.Product);
            Same("input_scale", right.S, layer.InputScale);
            Same("a_log", heads.Select(head => right.A[head]), layer.ALog);
            var keys = rows.Where(row => row < 4).SelectMany(row => right.Keys[(row * 4)..((row * 4) + 4)]).ToArray();
            Same("key_value", keys.Concat(keys), layer.KeyValue);
            Same("turned", heads.SelectMany(head => Enumerable.Range(0, 4).SelectMany(h => Enumerable.Range(0, 2).Select(d => right.Keys[(((head * 2) + d) * 4) + h]))), layer.Turned);
            Same("packed", right.Packed, layer.Packed);
            Same("scaled", heads.Select(head => right.A[head] * right.S[0] * right.Packed.Sum()), layer.Scaled);
        }
    }

    private void Write(TogetherModel model, Dictionary<string, Tensor> tensors, RefitMode mode, int how, Random r)
    {
        using var refit = model.BeginRefit(mode);
        var order = tensors.OrderBy(_ => r.Next()).ToList();
        switch (how)
        {
            case 0: foreach (var (name, tensor) in order) refit.Write(name, tensor); break;
            case 1: refit.Write(order.ToDictionary(x => x.Key, x => x.Value)); break;
            case 2: refit.Write(_scene.Files.Stored(order)); break;
            case 3:
                refit.Write(_scene.Files.Stored(order[..(order.Count / 2)]));
                refit.Write(_scene.Files.Stored(order[(order.Count / 2)..]));
                break;
            case 4:
                refit.Write(_scene.Files.Stored(order[..(order.Count / 3)]));
                foreach (var (name, tensor) in order[(order.Count / 3)..(order.Count * 2 / 3)]) refit.Write(name, tensor);
                refit.Write(order[(order.Count * 2 / 3)..].ToDictionary(x => x.Key, x => x.Value));
                break;
            default:
                var chunks = new List<(string, Tensor, long[])>();
                foreach (var (name, tensor) in order)
                {
                    var isCodes = name.Contains("weight_") || name.EndsWith(".0.weight") || name.EndsWith(".1.weight") || tensor.dtype == CheckpointType.F8_E4M3.ToScalarType();
                    if (tensor.dim() == 0 || isCodes || name.Contains("indexer")) chunks.Add((name, tensor, []));
                    else for (var at = 0; at < tensor.shape[0]; at += 2) chunks.Add((name, tensor.narrow(0, at, 2), [at, .. new long[tensor.dim() - 1]]));
                }
                foreach (var (name, tensor, start) in chunks.OrderBy(_ => r.Next()))
                {
                    if (start.Length == 0) refit.Write(name, tensor);
                    else refit.Write(name, tensor, start);
                }
                break;
        }
        refit.Commit();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_is_absent_is_absent_under_all_names(int way)
    {
        using var scope = NewDisposeScope();
        using var model = new TogetherModel();
        var layers = new[] { Random(new Random(1), true, 1), Random(new Random(2), false, 1) };
        foreach (var layer in layers)
        {
            layer.Tensors.Remove("q_proj.bias");
            layer.Tensors.Remove("v_proj.bias");
        }
        _scene.Files.Load(model, Named(layers, 0));
        layers[1].Tensors["qkv.bias"] = full(12, 77f);
        Assert.Equal("model.language_model.layers.2.bias", Assert.Single(Proofs.Compare(model, Named(layers, way)).Differing.Select(slot => slot.Parameter).Distinct()));
    }

    [Fact]
    public void What_post_load_replaces_comes_in_any_form_or_stays_away()
    {
        for (var seed = 0; seed < 25; seed++)
        {
            using var scope = NewDisposeScope();
            var r = new Random(seed);
            using var model = new TogetherMade();
            float[] w = [], b = [];
            Dictionary<string, Tensor> Next(bool subset)
            {
                var given = new Dictionary<string, Tensor>();
                var isParts = r.Next(2) == 0;
                if (!subset || r.Next(2) == 0)
                {
                    w = [.. Enumerable.Range(0, 8).Select(_ => (float)r.Next(1, 9))];
                    Tensor x = torch.tensor(w[..4]).reshape(2, 2), y = torch.tensor(w[4..]).reshape(2, 2);
                    given["w.x"] = isParts ? x : x.t().contiguous();
                    given[isParts ? "w.y" : "w.y_t"] = isParts ? y : y.t().contiguous();
                    given["other"] = torch.tensor([1f, 2]);
                }
                var how = r.Next(3);
                if (how == 0 && !subset) b = [2, 2, 9, 9];
                if (how == 1)
                {
                    b = [r.Next(1, 9), r.Next(1, 9), 9, 9];
                    given["b.first"] = torch.tensor(b[..2]);
                }
                if (how == 2)
                {
                    b = [r.Next(1, 9), r.Next(1, 9), r.Next(1, 9), r.Next(1, 9)];
                    given["b.all"] = torch.tensor(b);
                }
                return given;
            }
            void Look()
            {
                Assert.Equal(w.Select(x => x * 2), PlacesScene.Values(model.Weight));
                Assert.Equal(b.Select(x => x + 1), PlacesScene.Values(model.Bias));
                Assert.Equal(w.Select((x, i) => x * 2 * (b[i / 2] + 1)), PlacesScene.Values(model.Product));
            }
            _scene.Files.Load(model, Next(false).OrderBy(_ => r.Next()));
            Look();
            for (var turn = 0; turn < 5; turn++)
            {
                var subset = r.Next(2) == 0;
                var mode = (RefitMode)r.Next(2);
                var given = Next(subset);
                if (given.Count == 0) continue;
                if (r.Next(2) == 0) PlacesScene.Refit(model, given.OrderBy(_ => r.Next()), mode, subset ? RefitScope.Subset : RefitScope.Whole);
                else
                {
                    using var refit = model.BeginRefit(mode, subset ? RefitScope.Subset : RefitScope.Whole);
                    refit.Write(_scene.Files.Stored(given.OrderBy(_ => r.Next())));
                    refit.Commit();
                }
                Look();
                var folder = _scene.At($"{Guid.NewGuid():N}");
                var format = r.Next(2) == 0 ? "turned" : "";
                if (format.Length == 0 && !model.Parameters.Bias.IsAbsent && (b[2], b[3]) != (9, 9))
                {
                    Assert.Throws<ExportException>(() => model.Export(folder, new ExportOptions { Format = format }));
                    continue;
                }
                model.Export(folder, new ExportOptions { Format = format });
                using var again = new TogetherMade();
                using var checkpoint = Checkpoint.Open(folder);
                LoadPlan.Create(again, checkpoint).Execute();
                Assert.Equal(Bits.Of(model), Bits.Of(again));
            }
        }
    }

    [Fact]
    public void Ranks_load_are_refitted_proven_and_merged()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            using var scope = NewDisposeScope();
            var r = new Random(seed);
            var ranks = new[] { new TogetherModel(new Topology(0, 2)), new TogetherModel(new Topology(1, 2)) };
            for (var turn = 0; turn < 3; turn++)
            {
                var uniform = 1 + r.Next(2);
                var layers = new[] { Random(r, true, uniform), Random(r, false, uniform) };
                var (given, step, options) = (Named(layers, r.Next(4)), $"seed {seed} turn {turn}", new ExportOptions { Format = uniform == 2 ? "turned" : null, Convention = new[] { "new", "old", "text" }[r.Next(3)] });
                var parts = new List<string>();
                foreach (var (rank, model) in ranks.Index())
                {
                    if (turn == 0) _scene.Files.Load(model, given);
                    else Write(model, given, (RefitMode)r.Next(2), r.Next(5), r);
                    Check(model, layers, step, rank, 2);
                    Proofs.Compare(model, given, options.Format).ThrowUnlessProven();
                    parts.Add(_scene.At($"{seed}-{turn}-{rank}"));
                    model.Export(parts[^1], options);
                }
                CheckpointMerge.Merge(parts, _scene.At($"{seed}-{turn}"));
                using var whole = new TogetherModel();
                using var merged = Checkpoint.Open(_scene.At($"{seed}-{turn}"));
                LoadPlan.Create(whole, merged).Execute();
                Check(whole, layers, step + " merged");
            }
            foreach (var rank in ranks) rank.Dispose();
        }
    }

    [Fact]
    public void Random_forms_names_and_orders_are_loaded_refitted_proven_and_exported()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            using var scope = NewDisposeScope();
            var r = new Random(seed);
            using var model = new TogetherModel();
            var layers = new[] { Random(r, true), Random(r, false) };
            var way = r.Next(4);
            var step = $"seed {seed} load";
            _scene.Files.Load(model, Named(layers, way).OrderBy(_ => r.Next()), new LoadOptions { Mode = r.Next(2) == 0 ? LoadMode.Map : LoadMode.Copy });
            Check(model, layers, step);
            for (var turn = 0; turn < 4; turn++)
            {
                var uniform = r.Next(3);
                layers = [Random(r, true, uniform), Random(r, false, uniform)];
                way = r.Next(4);
                var (mode, how) = ((RefitMode)r.Next(2), r.Next(6));
                var given = Named(layers, way);
                step = $"seed {seed} refit {turn} {mode} how {how} way {way} {string.Join(';', layers.Select(l => $"{l.PlainPacked},{l.Form},{l.Bias},{l.Scale},{l.Zero},{l.Second},both {l.BothNames}"))}";
                if (how == 5) foreach (var l in layers.Where(l => l.BothNames)) l.Tensors.Remove("values.weight");
                given = Named(layers, way);
                Write(model, given, mode, how, r);
                Check(model, layers, step);
                step += " checksums";
                var held = model.Checksums(uniform == 2 ? "turned" : null);
                using var stream = new MemoryStream();
                held.WriteTo(stream);
                stream.Position = 0;
                held = WeightChecksums.Read(stream);
                var way2 = r.Next(4);
                var given2 = Named(layers, way2).Where(x => !x.Key.Contains("indexer")).ToList();
                var report = held.Compare(r.Next(2) == 0 ? WeightChecksums.Of(given2.Select(x => (x.Key, x.Value)), held) : WeightChecksums.Of(_scene.Files.Stored(given2), held));
                Assert.True(uniform == 0 || report.IsProof, $"{report} {string.Join('\n', report.Differing.Select(d => $"{d.Parameter} {d.Tensor} {d.Reason}"))} missing {string.Join('\n', report.Missing)} unv {string.Join('\n', report.Unverifiable)}");
                step += " export";
                foreach (var format in new[] { null, "turned" })
                {
                    var possible = format == "turned" ? layers.All(_ => true) : layers.All(l => l.Bias == "absent" || l.B[4..8].All(x => x == 5)) && layers.All(l => l.S[0] == l.S[1]);
                    var folder = _scene.At($"{Guid.NewGuid():N}");
                    var options = new ExportOptions { Format = format, Convention = new[] { "new", "old", "text" }[r.Next(3)] };
                    if (!possible)
                    {
                        Assert.Throws<ExportException>(() => model.Export(folder, options));
                        continue;
                    }
                    model.Export(folder, options);
                    using var again = new TogetherModel();
                    using var checkpoint = Checkpoint.Open(folder);
                    LoadPlan.Create(again, checkpoint).Execute();
                    Check(again, layers, step + " again " + format);
                }
                step = $"seed {seed} patch {turn}";
                if (r.Next(2) == 0)
                {
                    using var refit = model.BeginRefit((RefitMode)r.Next(2), RefitScope.Subset);
                    var p = Prefix(way, 0);
                    refit.Patch(p + "A_log", torch.tensor([1L, 3L]), torch.tensor([9f, 0]));
                    refit.Patch(p + "keys.weight", torch.tensor([5L]), torch.tensor([11f]));
                    refit.Patch(p + "v_proj.weight", torch.tensor([3L]), torch.tensor([12f]));
                    layers[0].A[1] = 9;
                    layers[0].Keys[5] = 11;
                    layers[0].Qkv[35] = 12;
                    var how2 = r.Next(3);
                    if (how2 == 0)
                    {
                        refit.Patch(p + "gate_up.input_scale", torch.tensor([0L]), torch.tensor([6f]));
                        layers[0].S = [6, 6];
                    }
                    else if (how2 == 1)
                    {
                        refit.Write(p + "gate_up.input_scale", torch.tensor(7f));
                        layers[0].S = [7, 7];
                    }
                    refit.Commit();
                    Check(model, layers, step);
                }
            }
        }
    }
}
