/** What `ingress-ha explain` prints at 80 columns, to the letter. */

/** All rules hold. */
export const FREED = `If edge-icha-5d9c7b6f88-abcde died now, its Lease would be freed: nobody would
lead for 6.9 s at most, instead of 32.4 s (38.8 s at worst).

✓ Leader election is on: \`leaderElection.mode\` is Lease
✓ Assist is switched on: \`failover.mode\` is Assisted
✓ The resource stays: it is not being deleted
✓ An operator leads: operator-7f-x renewed its own Lease 0 s ago, by the clock
    of this machine
✓ The operator has seen the newest settings: generation 1
✓ The Lease exists: apisix-ingress-controller-leader
✓ The Lease is ours: it carries our labels, and has no owner
✓ Nobody else assigns the Lease: it has neither \`strategy\` nor \`preferredHolder\`
✓ The holder renews the Lease: 0 s ago, by the clock of this machine
✓ The holder is a pod of this resource:
    edge-icha-5d9c7b6f88-abcde_0b7f3f0e-6f0b-4c58-9c5e-0d5a3b1c2d4e
✓ Its end can be told by its container: host name and processes are its own
✓ The container that took the Lease runs: abcde0123456 started 10 s before the
    Lease was taken
✓ The operator watches that container (known to the operator only): it says "The
    holder is watched: if it dies, its Lease is freed"
✓ Its kubelet can be trusted, so its node is Ready: node-a is Ready
✓ The Lease was never freed of this holder: no entry of \`status.failovers\` names
    it
✓ Leadership may return to a crashed pod: 2.2.0 with provider APISIX
✓ Leaders do not crash in a loop (known to the operator only): it does not say
    so; by its history it has freed the Lease after 0 of at most 3 crashes
    within 10 minutes
✓ The operator has the rights (known to the operator only): it does not say that
    one is missing

Next: edge-icha-5d9c7b6f88-fghij (node-b): Ready, asks for the Lease every 2 s
to 4.4 s.
After a crash the Lease must first rest for 2.5 s without a renewal: known to
the operator only, by its own clock.
`;

/** Leaders crash in a loop. */
export const LEFT_TO_EXPIRE = `If edge-icha-5d9c7b6f88-abcde died now, its Lease would NOT be freed: leaders
crash in a loop: freeing the Lease faster would only feed it. It would expire:
nobody would lead for 32.4 s, and 38.8 s at worst.

✓ Leader election is on: \`leaderElection.mode\` is Lease
✓ Assist is switched on: \`failover.mode\` is Assisted
✓ The resource stays: it is not being deleted
✓ An operator leads: operator-7f-x renewed its own Lease 0 s ago, by the clock
    of this machine
✓ The operator has seen the newest settings: generation 1
✓ The Lease exists: apisix-ingress-controller-leader
✓ The Lease is ours: it carries our labels, and has no owner
✓ Nobody else assigns the Lease: it has neither \`strategy\` nor \`preferredHolder\`
✓ The holder renews the Lease: 0 s ago, by the clock of this machine
✓ The holder is a pod of this resource:
    edge-icha-5d9c7b6f88-abcde_0b7f3f0e-6f0b-4c58-9c5e-0d5a3b1c2d4e
✓ Its end can be told by its container: host name and processes are its own
✓ The container that took the Lease runs: abcde0123456 started 10 s before the
    Lease was taken
? The operator watches that container (known to the operator only): it says
    "Leaders crash in a loop: freeing the Lease faster would only feed it"
✓ Its kubelet can be trusted, so its node is Ready: node-a is Ready
✓ The Lease was never freed of this holder: no entry of \`status.failovers\` names
    it
✓ Leadership may return to a crashed pod: 2.2.0 with provider APISIX
✗ Leaders do not crash in a loop (known to the operator only): Leaders crash in
    a loop: freeing the Lease faster would only feed it
✓ The operator has the rights (known to the operator only): it does not say that
    one is missing

Next: edge-icha-5d9c7b6f88-fghij (node-b): Ready, asks for the Lease every 2 s
to 4.4 s.
After a crash the Lease must first rest for 2.5 s without a renewal: known to
the operator only, by its own clock.
If its pod is deleted or evicted instead, the Lease is freed all the same.
`;

/** Nobody holds the Lease. */
export const NOBODY_LEADS = `Nobody leads now: Lease "apisix-ingress-controller-leader" is free.

✓ Leader election is on: \`leaderElection.mode\` is Lease
✓ Assist is switched on: \`failover.mode\` is Assisted
✓ The resource stays: it is not being deleted
✓ An operator leads: operator-7f-x renewed its own Lease 0 s ago, by the clock
    of this machine
✓ The operator has seen the newest settings: generation 1
✓ The Lease exists: apisix-ingress-controller-leader
✓ The Lease is ours: it carries our labels, and has no owner
✓ Nobody else assigns the Lease: it has neither \`strategy\` nor \`preferredHolder\`
✓ Leadership may return to a crashed pod: 2.2.0 with provider APISIX
✓ Leaders do not crash in a loop (known to the operator only): it does not say
    so; by its history it has freed the Lease after 0 of at most 3 crashes
    within 10 minutes
✓ The operator has the rights (known to the operator only): it does not say that
    one is missing

edge-icha-5d9c7b6f88-abcde (node-a), edge-icha-5d9c7b6f88-fghij (node-b): Ready,
ask for the Lease every 2 s to 4.4 s.
`;
