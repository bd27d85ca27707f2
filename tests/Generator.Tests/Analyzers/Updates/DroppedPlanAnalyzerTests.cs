using Lanyard.Generator.Analyzers.Updates;

namespace Lanyard.Generator.Tests.Analyzers.Updates;

public sealed class DroppedPlanAnalyzerTests
{
    [Theory]
    [InlineData("LoadPlan.{|LANY0049:Create|}(model, checkpoint);")]
    [InlineData("var plan = LoadPlan.{|LANY0049:Create|}(model, checkpoint);")]
    [InlineData("var plan = LoadPlan.{|LANY0049:Create|}(model, checkpoint, new LoadOptions()); Console.WriteLine($\"{plan.Tensors} tensors of {plan.Bytes} bytes\");")]
    [InlineData("LoadPlan plan; plan = LoadPlan.{|LANY0049:Create|}(model, checkpoint);")]
    [InlineData("LoadPlan? plan = null; if (model is not null) plan = LoadPlan.{|LANY0049:Create|}(model, checkpoint); if (plan is null) return;")]
    [InlineData("var plan = LoadPlan.{|LANY0049:Create|}(model, checkpoint); var other = plan; Console.WriteLine(other.Slots);")]
    [InlineData("Report(LoadPlan.{|LANY0049:Create|}(model, checkpoint)); void Report(LoadPlan plan) => Console.WriteLine(plan.Tensors);")]
    [InlineData("var plan = LoadPlan.{|LANY0049:Create|}(model, checkpoint); Show(plan);")]
    [InlineData("Action check = () => LoadPlan.{|LANY0049:Create|}(model, checkpoint);")]
    [InlineData("foreach (var one in new[] { model }) LoadPlan.{|LANY0049:Create|}(one, checkpoint);")]
    [InlineData("var plan = LoadPlan.{|LANY0049:Create|}(model, checkpoint); try { Console.WriteLine(plan.Tensors); } finally { checkpoint.Dispose(); }")]
    [InlineData("{|LANY0049:Plan|}(model, checkpoint);")]
    [InlineData("var plan = {|LANY0049:Checked|}(model, checkpoint);")]
    [InlineData("_lost = LoadPlan.{|LANY0049:Create|}(model, checkpoint);")]
    [InlineData("Func<LoadReport> later = () => LoadPlan.Create(model, checkpoint).Execute(); var plan = LoadPlan.{|LANY0049:Create|}(model, checkpoint); Func<LoadReport> never = () => plan.Execute();")]
    [InlineData("Console.WriteLine($\"{LoadPlan.{|LANY0049:Create|}(model, checkpoint)}\");")]
    public Task Fires(string code) => Verify.Analyzer<DroppedPlanAnalyzer>(Engine(code));

    [Theory]
    [InlineData("LoadPlan.Create(model, checkpoint).Execute();")]
    [InlineData("var plan = LoadPlan.Create(model, checkpoint); plan.Execute(mode: RefitMode.Staged);")]
    [InlineData("var plan = LoadPlan.Create(model, checkpoint); if (plan.Tensors > 2) plan.Execute();")]
    [InlineData("var plan = LoadPlan.Create(model, checkpoint); Action later = () => plan.Execute(); later();")]
    [InlineData("var plan = LoadPlan.Create(model, checkpoint); Func<LoadReport> later = () => plan.Execute(); later();")]
    [InlineData("_ = LoadPlan.Create(model, checkpoint);")]
    [InlineData("Console.WriteLine(LoadPlan.Create(model, checkpoint).Bytes);")]
    [InlineData("_plan = LoadPlan.Create(model, checkpoint);")]
    [InlineData("_plans.Add(LoadPlan.Create(model, checkpoint));")]
    [InlineData("Func<LoadPlan> make = () => LoadPlan.Create(model, checkpoint);")]
    [InlineData("var plan = LoadPlan.Create(model, checkpoint); Run(plan);")]
    [InlineData("var plan = LoadPlan.Create(model, checkpoint); Console.WriteLine(plan);")]
    [InlineData("LoadPlan? plan = null; plan ??= LoadPlan.Create(model, checkpoint); plan.Execute();")]
    [InlineData("(LoadPlan, int) pair = (LoadPlan.Create(model, checkpoint), 1); pair.Item1.Execute();")]
    [InlineData("LoadPlan.Check(model, []);")]
    [InlineData("var name = nameof(LoadPlan.Create);")]
    [InlineData("(model is null ? null : LoadPlan.Create(model, checkpoint))?.Execute();")]
    [InlineData("Plan(model, checkpoint).Execute();")]
    [InlineData("Loaded(model, checkpoint); var plan = Loaded(model, checkpoint);")]
    [InlineData("var plan = Plan(model, checkpoint); _plans.Add(plan);")]
    public Task Stays_quiet(string code) => Verify.Analyzer<DroppedPlanAnalyzer>(Engine(code));

    private static string Engine(string code) => $$"""
        using Lanyard.Checkpoints;
        class Engine
        {
            private LoadPlan? _plan;
            private LoadPlan? _lost;
            public void Go() { _plan?.Execute(); Console.WriteLine(_lost?.Tensors); }
            private readonly List<LoadPlan> _plans = [];

            public void Load(IParameterModule model, Checkpoint checkpoint)
            {
                {{code}}
            }

            private static void Show(LoadPlan plan) => Console.WriteLine(plan.Tensors);

            private static void Run(LoadPlan plan) => plan.Execute();

            private static LoadPlan Checked(IParameterModule model, Checkpoint checkpoint)
            {
                var plan = LoadPlan.Create(model, checkpoint);
                if (plan.Tensors == 0) throw new Exception();
                return plan;
            }

            private static LoadPlan Loaded(IParameterModule model, Checkpoint checkpoint)
            {
                var plan = Checked(model, checkpoint);
                plan.Execute();
                return plan;
            }

            public LoadPlan Plan(IParameterModule model, Checkpoint checkpoint) => _plan ?? LoadPlan.Create(model, checkpoint);
        }
        """;
}
