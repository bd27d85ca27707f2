using Lanyard.Benchmarks;

// What it takes before the first weight is read. FreshStart starts this program again with what to do there.
switch (args)
{
    case ["plan"]: FreshStart.Plan(); break;
    case ["open", var folder, var start]: FreshStart.Open(folder, long.Parse(start, System.Globalization.CultureInfo.InvariantCulture)); break;
    default:
        var quick = args.Contains("--quick");
        WarmPlans.Run(quick ? [61] : [15, 30, 61], warmups: quick ? 1 : 3, rounds: quick ? 3 : 9);
        if (!quick) WarmPlans.Refuse([15, 30, 61], warmups: 1, rounds: 5);
        FreshStart.Run(rounds: quick ? 3 : 9);
        break;
}
