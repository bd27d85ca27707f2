using System.Text;
using Lanyard.Checkpoints;
using Lanyard.Tests.Layouts;
using Lanyard.Tests.Models;
using Lanyard.Tests.PostLoads;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Checksums;

/// <summary>Checksums cross processes as JSON.</summary>
public sealed class ChecksumFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-sums-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void What_is_written_is_read_again()
    {
        using var scene = new TinyScene();
        scene.Load(scene.First);
        Same(scene.Model.Checksums("per-expert"));

        using TiedModel tied = new();
        using EncodedLinear encoded = new(3, 4);
        using GptOssExperts packed = new(2, 32, 32);
        using OnlinePerTensor online = new();
        using TinyProjection padded = new(5, 3);
        foreach (var model in new IParameterModule[] { tied, encoded, packed, online, padded })
        {
            using (var refit = model.BeginRefit())
            {
                foreach (var (name, tensor) in Tensors(model)) refit.Write(name, tensor);
                refit.Commit();
            }
            if (model == padded) using (no_grad()) padded.Weight[0, 7] = 1;
            Same(model.Checksums());
        }
        Assert.Single(padded.Checksums().Faults);
    }

    [Fact]
    public void Every_encoding_is_read_as_it_was_written() => Same(new WeightChecksums(
    [
        new SlotChecksum("packed", [2, 64], CheckpointType.F32, new SlotRegion(0, [128], [1]))
        {
            Encoding = new SlotEncoding(
                new ValueEncoding("ours", "", new CodeLayout(CodeType.UInt) { Bits = 4, Word = 32, Axis = -2, Order = [1, 0], Block = 2 }, "(code - zero) * table[code] * offset")
                {
                    Companions =
                    [
                        new CompanionEncoding("zero", "", new CodeLayout(CodeType.Int) { Bits = 3, Word = 8, Axis = -1 }) { Covers = ["1 32", ""], Through = "group" },
                        new CompanionEncoding("group", "", new CodeLayout(CodeType.UInt)) { Covers = ["1 *"] },
                        new CompanionEncoding("table", "", new CodeLayout(CodeType.Number)),
                        new CompanionEncoding("offset", "", new CodeLayout(CodeType.Json)) { Field = "offset" },
                    ],
                },
                ["a", "b", "c", "d"]),
            Hash = 1,
        },
        new SlotChecksum("flat", [2, 64], CheckpointType.F32, new SlotRegion(0, [128], [1]))
        {
            Encoding = new SlotEncoding(new ValueEncoding("flat", "", new CodeLayout(CodeType.E2M1) { Bits = 4, Word = 8 }, "code") { Flat = true }, []),
            Hash = 2,
        },
    ]));

    [Fact]
    public void A_trainer_in_another_process_needs_the_file_alone()
    {
        using var scene = new TinyScene(topology: new Topology(1, 2), type: ScalarType.BFloat16);
        scene.Load(scene.First, options: new LoadOptions { AllowNarrowing = true });
        var (asked, answered) = (Path.Combine(_directory.FullName, "asked.json"), Path.Combine(_directory.FullName, "answered.json"));
        scene.Model.Checksums().WriteTo(asked);
        using (var checkpoint = scene.Stored(scene.First)) WeightChecksums.Of(checkpoint, WeightChecksums.Read(asked)).WriteTo(answered);
        scene.Model.Checksums().Compare(WeightChecksums.Read(answered)).ThrowUnlessProven();
        Assert.Equal(["answered.json", "asked.json"], _directory.GetFiles().Select(file => file.Name).Order());
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("null", "nothing")]
    [InlineData("{}", "slots")]
    [InlineData("""{"format":"lanyard checksums 2","slots":[]}""", "lanyard checksums 2")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[],"slots":[]}""", "slots")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[null]}""", "slot")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F33","shape":[4],"offset":0,"sizes":[4],"strides":[1],"reason":"x"}]}""", "F33")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[4],"offset":0,"sizes":[4],"strides":[1],"xxh3_128":"12"}]}""", "32 hexadecimal digits")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[4],"offset":0,"sizes":[4],"strides":[1]}]}""", "neither")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[4],"offset":1,"sizes":[4],"strides":[1],"reason":"x"}]}""", "elements 1..4")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[4],"offset":-1,"sizes":[4],"strides":[1],"reason":"x"}]}""", "elements -1..2")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[4],"offset":0,"sizes":[2,2],"strides":[2,1],"reason":"x"}]}""", "normal form")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[9],"offset":0,"sizes":[2,3],"strides":[2,1],"reason":"x"}]}""", "normal form")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[9],"offset":0,"sizes":[9223372036854775807],"strides":[9223372036854775807],"reason":"x"}]}""", "not all among")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[9],"offset":0,"sizes":[9],"strides":[],"reason":"x"}]}""", "stride")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[9],"offset":0,"sizes":[9],"strides":[1],"reason":"x","encoding":{"name":"e","value":"code *","codes":{"type":"Number"}}}]}""", "the value of e")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[9],"offset":0,"sizes":[9],"strides":[1],"reason":"x","encoding":{"name":"e","value":"code","codes":{"type":"zip"}}}]}""", "zip")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[9],"offset":0,"sizes":[9],"strides":[1],"reason":"x","encoding":{"name":"e","value":"code","codes":{"type":"UInt","bits":40,"word":32}}}]}""", "40 bits")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[9],"offset":0,"sizes":[9],"strides":[1],"reason":"x","encoding":{"name":"e","value":"code","codes":{"type":"UInt","bits":4,"word":32,"order":[0,0]}}}]}""", "a place is missing")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[9],"offset":0,"sizes":[9],"strides":[1],"reason":"x","encoding":{"name":"e","value":"code","codes":{"type":"UInt","bits":4,"word":32,"axis":-2}}}]}""", "no axis -2")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[9],"offset":0,"sizes":[9],"strides":[1],"reason":"x","encoding":{"name":"e","value":"code","codes":{"type":"UInt","bits":4,"word":32,"block":2}}}]}""", "not a multiple of 2")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[9],"offset":0,"sizes":[9],"strides":[1],"reason":"x","encoding":{"name":"e","value":"code * scale","codes":{"type":"Number"},"companions":[{"name":"scale","tensor":"s","codes":{"type":"Number"},"covers":["-3"]}]}}]}""", "covers")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[9],"offset":0,"sizes":[9],"strides":[1],"reason":"x","encoding":{"name":"e","value":"code","codes":{"type":"Number"},"companions":[{"name":"scale","tensor":"s","codes":{"type":"Number"},"covers":["3"]}]}}]}""", "does not use scale")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[9],"offset":0,"sizes":[9],"strides":[1],"reason":"x","encoding":{"name":"e","value":"code * scale","codes":{"type":"Number"},"companions":[{"name":"scale","tensor":"s","codes":{"type":"Number"},"covers":["3 3"]}]}}]}""", "has not the axes")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[9],"offset":0,"sizes":[9],"strides":[1],"reason":"x","encoding":{"name":"e","value":"code * scale","codes":{"type":"Number"},"companions":[null]}}]}""", "null")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[4611686018427387904,2],"offset":0,"sizes":[9],"strides":[1],"reason":"x","encoding":{"name":"e","value":"code","codes":{"type":"UInt","bits":4,"word":8},"flat":true}}]}""", "more values than are decoded")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[9],"offset":0,"sizes":[9],"strides":[1],"reason":"x","encoding":{"name":"e","value":"code","codes":{"type":"UInt","word":8}}}]}""", "words, an axis, an order or blocks of codes that are not packed")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[9],"offset":0,"sizes":[9],"strides":[1],"reason":"x","encoding":{"name":"e","value":"t[code]","codes":{"type":"UInt"},"companions":[{"name":"t","tensor":"t","codes":{"type":"UInt","bits":4,"word":8,"axis":-2}}]}}]}""", "t of e is a table, which has one axis, and no axis -2")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[9],"offset":0,"sizes":[9],"strides":[1],"reason":"x","encoding":{"name":"e","value":"code * scale","codes":{"type":"Number"},"companions":[{"name":"scale","tensor":"s","codes":{"type":"Number"},"covers":["3"],"through":"j"},{"name":"j","tensor":"j","codes":{"type":"Json"},"covers":[""],"field":"x"}]}}]}""", "scale of e goes through j, which has no number for each position")]
    [InlineData("""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[3,3],"offset":0,"sizes":[9],"strides":[1],"reason":"x","encoding":{"name":"e","value":"code * scale","codes":{"type":"Number"},"companions":[{"name":"scale","tensor":"s","codes":{"type":"Number"},"covers":["2 2"],"through":"j"},{"name":"j","tensor":"j","codes":{"type":"Int"},"covers":["1 1"]}]}}]}""", "has not one axis along which j of e has the numbers of the blocks")]
    public void What_cannot_be_understood_is_refused(string json, string said)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        Assert.Contains(said, Assert.Throws<FormatException>(() => WeightChecksums.Read(stream)).Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever walks over items, or over ways to leave axes out, must end soon and not recurse without a bound.</summary>
    [Theory]
    [InlineData(60, null)]
    [InlineData(65, "covers")]
    [InlineData(1000000, "covers")]
    public void Axes_that_may_be_left_out_cost_nothing(int dots, string? said)
    {
        var json = $$$"""{"format":"lanyard checksums 1","slots":[{"tensor":"w","type":"F32","shape":[9],"offset":0,"sizes":[9],"strides":[1],"reason":"x","encoding":{"name":"e","value":"code * scale","codes":{"type":"Number"},"companions":[{"name":"scale","tensor":"s","codes":{"type":"Number"},"covers":["{{{string.Join(' ', Enumerable.Repeat('.', dots))}}}"]}]}}]}""";
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        if (said is not null)
        {
            Assert.Contains(said, Assert.Throws<FormatException>(() => WeightChecksums.Read(stream)).Message, StringComparison.Ordinal);
            return;
        }
        var asked = WeightChecksums.Read(stream);
        using Tensor codes = torch.ones(9, dtype: ScalarType.Int8), wrong = torch.ones([.. Enumerable.Repeat(1L, 30), 2]), right = torch.ones([.. Enumerable.Repeat(1L, 30)]);
        Assert.Contains("the model takes [] or [1]", WeightChecksums.Of([("w", codes), ("s", wrong)], asked).Slots[0].Reason, StringComparison.Ordinal);
        Assert.NotNull(WeightChecksums.Of([("w", codes), ("s", right)], asked).Slots[0].Hash);
    }

    [Fact]
    public void Everything_that_is_wrong_is_named_at_once()
    {
        SlotChecksum[] slots = [new("a", [4], CheckpointType.F32, new SlotRegion(2, [3], [1])) { Hash = 1 }, new("b", [4], CheckpointType.F32, new SlotRegion(0, [], []))];
        var error = Assert.Throws<ArgumentException>(() => new WeightChecksums([.. slots]));
        Assert.Contains("a: elements 2..4 are not all among the 4 of [4]; b: it has neither a hash nor a reason.", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The example of docs/checksums.md: a tensor of which element i is i / 8, and three slots of it.</summary>
    [Fact]
    public void The_documented_file_has_the_documented_hashes()
    {
        var json = string.Join('\n', DocPage.Lines("checksums.md").SkipWhile(line => line != "```json").Skip(1).TakeWhile(line => line != "```"));
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var documented = WeightChecksums.Read(stream);
        Assert.Equal(3, documented.Slots.Length);
        using var tensor = (torch.arange(24, dtype: ScalarType.Float32) / 8).reshape(4, 6);
        Assert.Equal(documented.Slots.AsEnumerable(), WeightChecksums.Of([("weight", tensor)], documented).Slots);
    }

    private static Dictionary<string, Tensor> Tensors(IParameterModule model) => model switch
    {
        TiedModel => new() { ["lm_head.weight"] = torch.randn(5, 3) },
        EncodedLinear => new() { ["weight"] = torch.ones(3, 4, ScalarType.Int8), ["weight_scale"] = torch.rand(3), ["norm.weight"] = torch.randn(4), ["rounded"] = torch.randn(3) },
        GptOssExperts => new()
        {
            ["gate_up_proj_blocks"] = torch.ones(2, 64, 1, 16, dtype: ScalarType.Byte),
            ["gate_up_proj_scales"] = torch.ones(2, 64, 1, ScalarType.Byte),
            ["gate_up_proj_bias"] = torch.randn(2, 64),
            ["down_proj_blocks"] = torch.ones(2, 32, 1, 16, dtype: ScalarType.Byte),
            ["down_proj_scales"] = torch.ones(2, 32, 1, ScalarType.Byte),
            ["down_proj_bias"] = torch.randn(2, 32),
        },
        OnlinePerTensor => new() { ["weight"] = torch.randn(6, 5).to_type(ScalarType.BFloat16) },
        _ => new() { ["weight"] = torch.randn(5, 3) },
    };

    [Fact]
    public void What_is_too_long_is_refused()
    {
        var path = Path.Combine(_directory.FullName, "long.json");
        using (var file = File.Create(path)) file.SetLength(1_000_000_001);
        Assert.Contains("1000000001 bytes, more than the 1000000000 allowed", Assert.Throws<FormatException>(() => WeightChecksums.Read(path)).Message, StringComparison.Ordinal);

        // What does not say how long it is, and never ends.
        using var endless = new Endless();
        Assert.Contains("more than the 1000000000 bytes allowed", Assert.Throws<FormatException>(() => WeightChecksums.Read(endless)).Message, StringComparison.Ordinal);
    }

    private static void Same(WeightChecksums checksums)
    {
        using var stream = new MemoryStream();
        checksums.WriteTo(stream);
        stream.Position = 0;
        var read = WeightChecksums.Read(stream);
        Assert.Equal(checksums.Slots.AsEnumerable(), read.Slots);
        Assert.Equal(checksums.Faults.AsEnumerable(), read.Faults);
        Assert.Equal(checksums.Prefix, read.Prefix);
    }
}
