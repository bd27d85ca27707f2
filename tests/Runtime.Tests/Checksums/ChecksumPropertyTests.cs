using System.Collections.Immutable;
using CsCheck;
using Lanyard.Checkpoints;
using Lanyard.Layouts;
using Lanyard.Tests.Layouts;
using Lanyard.Tests.Parts;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Checksums;

public sealed class ChecksumPropertyTests
{
    private const int Samples = 1000;

    [Fact]
    public void A_region_is_the_elements_of_its_slot_ascending_and_has_one_spelling() => RandomLayout.Gen.Sample(
        layout =>
        {
            if (!Layout.TryResolve(layout.Parameter, layout.Sources, layout.Axes, out var plan, out _)) return;
            foreach (var slot in plan.Slots)
            {
                var region = SlotRegion.Of(slot);
                var elements = Proofs.Elements(region).ToArray();
                Assert.Equal(slot.Positions().Select(position => position.Tensor).Order(), elements);
                Assert.Equal(region, Spelling(elements));
                _ = new WeightChecksums([new SlotChecksum("w", plan.Tensors[slot.Tensor].Shape, CheckpointType.U8, region) { Hash = 0 }]);
            }
        },
        iter: Samples);

    [Fact]
    public void Both_sides_have_the_plain_hash_and_a_flipped_bit_is_found_on_either()
    {
        var (slots, faults) = (0, 0);
        Gen.Select(RandomLayout.Gen, Gen.Int[0, 999].Array[8]).Sample(
            (layout, choices) =>
            {
                using var scope = NewDisposeScope();
                var tape = new Tape(choices);
                var type = tape.Chance(50) ? ScalarType.Float32 : ScalarType.BFloat16;
                var shared = layout.Axes.IsEmpty ? null : layout.Axes[tape.Below(layout.Axes.Length)].Name;
                if (Loaded(layout, shared, tape.Below(3), type) is not var (module, tensors)) return;
                var held = module.Checksums();
                Assert.False(held.Compare(Sent(tensors, held)).HasDifferences);
                foreach (var slot in held.Slots)
                    Assert.Equal(Proofs.Hash(tensors[slot.Tensor].to_type(type), Proofs.Elements(slot.Region)), slot.Hash);
                Interlocked.Add(ref slots, held.Slots.Length);

                // The sign shows in every type.
                var (name, tensor) = tensors.OrderBy(item => item.Key, StringComparer.Ordinal).ElementAt(tape.Below(tensors.Count));
                var element = tape.Below((int)tensor.numel());
                Proofs.Flip(tensor, element, 31);
                Assert.Equal(
                    held.Slots.Where(slot => slot.Tensor == name && Proofs.Elements(slot.Region).Contains(element)),
                    held.Compare(Sent(tensors, held)).Differing);
                Proofs.Flip(tensor, element, 31);

                var value = module.Parameters[0].Value;
                if (value.numel() == 0) return;
                Proofs.Flip(value, tape.Below((int)value.numel()), (int)(value.element_size() * 8) - 2);
                var report = module.Checksums().Compare(Sent(tensors, held));
                Assert.Equal(1, report.Differing.Length + report.Faults.Length);
                Interlocked.Add(ref faults, report.Faults.Length);
            },
            iter: Samples,
            threads: 2);
        Assert.InRange(slots, Samples, int.MaxValue);
        Assert.InRange(faults, Samples / 200, Samples);
    }

    private static WeightChecksums Sent(Dictionary<string, Tensor> tensors, WeightChecksums held) =>
        WeightChecksums.Of(tensors.Select(item => (item.Key, item.Value)), held);

    /// <summary>A module that is loaded with random tensors; null where the rank's share cuts a block.</summary>
    private static (MappedModule Module, Dictionary<string, Tensor> Tensors)? Loaded(RandomLayout layout, string? shared, int rank, ScalarType type)
    {
        MappedModule module;
        RefitSession refit;
        try
        {
            module = new MappedModule(layout.Parameter, layout.Sources, layout.Axes, shared, rank, type);
            refit = module.BeginRefit(RefitMode.InPlace, options: new LoadOptions { AllowNarrowing = true });
        }
        catch (Exception e) when (e is LayoutException || e.InnerException is LayoutException)
        {
            return null;
        }
        ImmutableArray<Axis> whole = [.. layout.Axes.Select(axis => axis with { Held = AxisShare.All })];
        var plan = Layout.Resolve(layout.Parameter, layout.Sources, whole);
        var tensors = plan.Tensors.ToDictionary(tensor => tensor.Name, tensor => torch.randn([.. tensor.Shape]));
        foreach (var tensor in plan.Tensors)
        {
            foreach (var position in ArrangedTensors.Padding(layout.Sources[tensor.SourceIndex], whole)) tensors[tensor.Name].view(-1)[position].zero_();
        }
        using (refit)
        {
            foreach (var (name, tensor) in tensors) refit.Write(name, tensor);
            refit.Commit();
        }
        return (module, tensors);
    }

    /// <summary>The loops of ascending elements, found from the elements alone: each loop is as long as it can be.</summary>
    private static SlotRegion Spelling(long[] elements)
    {
        var (sizes, strides, rest) = (new List<long>(), new List<long>(), elements);
        while (rest.Length > 1)
        {
            var (stride, size) = (rest[1] - rest[0], 1);
            while (size < rest.Length && rest[size] - rest[size - 1] == stride) size++;
            sizes.Insert(0, size);
            strides.Insert(0, stride);
            rest = [.. rest.Where((_, i) => i % size == 0)];
        }
        return new SlotRegion(elements[0], [.. sizes], [.. strides]);
    }
}
